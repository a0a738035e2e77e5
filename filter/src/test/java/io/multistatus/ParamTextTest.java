package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParamTextTest {

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "30s, PT30S",
        "2m, PT2M",
        "1h, PT1H",
        "5 s, PT5S",
        "0s, PT0S",
        "-1s, PT-1S",
        "PT1M30S, PT1M30S",
        "pt30s, PT30S",
        "P1D, PT24H"
    })
    void aTimeIsANumberWithAUnitOrIso8601(String text, Duration duration) {
        assertThat(ParamText.duration(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "30sec", "30S", "1.5s", "1m30s", "1d", "PT", "thirty"})
    void aTimeWithoutAKnownUnitIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParamText.duration(text))
                .withMessage("a time with its unit is allowed, as in 500ms, 30s, 2m, 1h or PT1M30S");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808ms", "9223372036854775807h"})
    void aTimeThatOverflowsIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParamText.duration(text))
                .withMessage("that is too long a time");
    }

    @ParameterizedTest
    @CsvSource({
        "10485760, 10485760",
        "1B, 1",
        "64KiB, 65536",
        "10MiB, 10485760",
        "10 MiB, 10485760",
        "1GiB, 1073741824",
        "1gib, 1073741824",
        "0, 0",
        "-1KiB, -1024",
        "9223372036854775807, 9223372036854775807"
    })
    void aSizeIsANumberOfBytesOrOfBinaryUnits(String text, long bytes) {
        assertThat(ParamText.size(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"10KB, KB", "10MB, MB", "10k, k", "1G, G", "1TiB, TiB", "3apples, apples"})
    void aSizeWithAnAmbiguousOrUnknownUnitIsRefusedByName(String text, String unit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParamText.size(text))
                .withMessage("the unit '" + unit
                        + "' is unknown or ambiguous (1000 or 1024?); B, KiB, MiB and GiB are allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "1.5MiB", "1_000", "0x10", "1 0"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParamText.size(text))
                .withMessage("a size is allowed, as in 10485760, 64KiB, 10MiB or 1GiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "9007199254740992KiB", "8589934592GiB"})
    void aSizeThatOverflowsIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParamText.size(text))
                .withMessage("that is more than 9223372036854775807 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.0", "2147483648", "ten", "1 0"})
    void whatIsNoWholeNumberIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParamText.integer(text))
                .withMessage("a whole number is allowed");
    }

    @Test
    void aListIsSeparatedByCommasOrWhiteSpace() {
        assertThat(ParamText.list("a,b  c\n\t, d ,,e")).containsExactly("a", "b", "c", "d", "e");
        assertThat(ParamText.list(" , \n")).isEmpty();
        assertThat(ParamText.list("")).isEmpty();
    }

    @Test
    void aFlagIsTrueOrFalseAndNothingElse() {
        assertThat(ParamText.bool("TRUE")).isTrue();
        assertThat(ParamText.bool("false")).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParamText.bool("yes"))
                .withMessage("true or false is allowed");
    }

    @Test
    void aChoiceIsOneOfTheNamesInAnyCase() {
        assertThat(ParamText.oneOf(MultiStatus.class).apply("Never")).isEqualTo(MultiStatus.NEVER);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParamText.oneOf(MultiStatus.class).apply("207"))
                .withMessage("allowed is one of auto, always, never");
    }
}
