package io.multistatus.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasonPhraseTest {

    @ParameterizedTest
    @CsvSource({
        "200, OK",
        "207, Multi-Status",
        "304, Not Modified",
        "424, Failed Dependency",
        "451, Unavailable For Legal Reasons",
        "507, Insufficient Storage",
        "299, Successful",
        "399, Redirection",
        "499, Client Error",
        "599, Server Error",
        "999, Unknown Status"
    })
    void aCodeHasItsRegisteredPhraseOrTheNameOfItsClass(int status, String phrase) {
        assertThat(ReasonPhrase.of(status)).isEqualTo(phrase);
    }
}
