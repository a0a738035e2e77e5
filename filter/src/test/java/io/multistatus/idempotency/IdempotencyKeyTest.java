package io.multistatus.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    "8e03978e-40d5-43e8-bc93-6894a57f9324" | 8e03978e-40d5-43e8-bc93-6894a57f9324
                    8e03978e-40d5-43e8-bc93-6894a57f9324   | 8e03978e-40d5-43e8-bc93-6894a57f9324
                    "a b"                                  | a b
                    "a\\"b\\\\c"                           | a"b\\c
                    order 7                                |
                    "a                                     |
                    a"                                     |
                    "a"b                                   |
                    "a\\b"                                 |
                    "a"; p                                 |
                    a b                                    |
                    a,b                                    |
                    """)
    void aKeyIsAStringOrWhatNeedsNoQuotes(String field, @Nullable String key) throws Exception {
        if (key == null) {
            assertThatThrownBy(() -> IdempotencyKey.parse(List.of(field)))
                    .isInstanceOf(MalformedKeyException.class)
                    .hasMessageContaining(field);
        } else {
            assertThat(IdempotencyKey.parse(List.of(field)).value()).isEqualTo(key);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"\""})
    void nothingIsNoKey(String field) {
        assertThatThrownBy(() -> IdempotencyKey.parse(List.of(field))).hasMessage("it is empty");
    }

    @Test
    void thereIsOneAndItIsNotTooLong() throws Exception {
        assertThatThrownBy(() -> IdempotencyKey.parse(List.of("a", "a"))).hasMessage("there are 2 of them");
        assertThat(IdempotencyKey.parse(List.of("k".repeat(255))).value()).hasSize(255);
        assertThatThrownBy(() -> IdempotencyKey.parse(List.of("k".repeat(256))))
                .hasMessageContaining("it has 256 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00fc", "\"\u00fc\"", "\"\u0001\"", "\"\u007f\""})
    void onlyPrintableAsciiIsAKey(String field) {
        assertThatThrownBy(() -> IdempotencyKey.parse(List.of(field))).isInstanceOf(MalformedKeyException.class);
    }

    @Test
    void aKeyOfAnItemIsReadBackFromItsField() throws Exception {
        IdempotencyKey batch = new IdempotencyKey("a\"b\\c");
        IdempotencyKey item = batch.ofItem(Optional.of("x"), 0);
        assertThat(item.value()).isEqualTo("a\"b\\c/x");
        assertThat(IdempotencyKey.parse(List.of(item.toField()))).isEqualTo(item);
    }

    @Test
    void itemsOfABatchHaveDifferentKeys() {
        IdempotencyKey batch = new IdempotencyKey("K");
        assertThat(List.of(
                        batch.ofItem(Optional.of("1"), 0),
                        batch.ofItem(Optional.empty(), 1),
                        batch.ofItem(Optional.of("*1"), 2),
                        batch.ofItem(Optional.of("a/b"), 3),
                        batch.ofItem(Optional.of("a%2Fb"), 4),
                        batch.ofItem(Optional.of("a b"), 5),
                        batch.ofItem(Optional.of("a+b"), 6),
                        batch.ofItem(Optional.of("1\u00001"), 7),
                        batch.ofItem(Optional.of("\u4e2d".repeat(128)), 8),
                        batch.ofItem(Optional.of("\u4e2d".repeat(127)), 9)))
                .extracting(IdempotencyKey::value)
                .doesNotHaveDuplicates()
                .allMatch(key -> key.length() <= 255)
                .startsWith("K/1", "K/*1", "K/%2A1");
    }
}
