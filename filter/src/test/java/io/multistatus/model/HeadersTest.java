package io.multistatus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadersTest {
    private final Headers headers = Headers.of("Accept", "a", "X-B", "1", "accept", "b", "x-b", "2");

    @Test
    void orderSpellingAndRepeatsAreKept() {
        List<String> lines = new ArrayList<>();
        headers.forEach((name, value) -> lines.add(name + ": " + value));
        assertThat(lines).containsExactly("Accept: a", "X-B: 1", "accept: b", "x-b: 2");
        assertThat(headers.size()).isEqualTo(4);
        assertThat(headers.name(2)).isEqualTo("accept");
        assertThat(headers.value(3)).isEqualTo("2");
    }

    @Test
    void namesCompareWithoutCase() {
        assertThat(headers.first("ACCEPT")).contains("a");
        assertThat(headers.all("x-B")).containsExactly("1", "2");
        assertThat(headers.contains("X-b")).isTrue();
        assertThat(headers.names()).containsExactly("accept", "x-b");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(headers.first("Accept-Language")).isEmpty();
        assertThat(headers.all("Acc")).isEmpty();
        assertThat(headers.contains("")).isFalse();
        assertThat(Headers.empty().size()).isZero();
        assertThat(Headers.builder().build()).isSameAs(Headers.empty());
    }

    @Test
    void fieldsCanBeLeftOut() {
        assertThat(headers.without(name -> name.equals("accept")).all("Accept")).containsExactly("a");
        assertThat(headers.without(name -> true).size()).isZero();
        assertThat(headers.size()).isEqualTo(4);
    }

    @Test
    void whatTheCallerDoesLaterChangesNothing() {
        String[] given = {"A", "1"};
        Headers built = Headers.of(given);
        given[1] = "changed";
        Headers.Builder builder = Headers.builder().addAll(built);
        Headers before = builder.build();
        builder.add("B", "2");
        assertThat(built.first("A")).contains("1");
        assertThat(before.contains("B")).isFalse();
    }

    @Test
    void aNameWithoutAValueIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Headers.of("A", "1", "B"))
                .withMessageContaining("[A, 1, B]");
    }

    @Test
    void thereIsNothingPastTheEnd() {
        assertThatThrownBy(() -> headers.name(4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void textIsCountedAndWhatAFieldTakesBesides() {
        assertThat(headers.estimatedBytes()).isEqualTo(4 * Headers.BYTES_PER_FIELD + 6 + 1 + 3 + 1 + 6 + 1 + 3 + 1);
        assertThat(Headers.empty().estimatedBytes()).isZero();
    }

    @Test
    void valuesAreNotShown() {
        assertThat(Headers.of("Authorization", "Bearer secret")).hasToString("[authorization]");
    }
}
