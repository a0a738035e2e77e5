package io.multistatus.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldNamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type",
                "ETag",
                "WWW-Authenticate",
                "X-Request-ID",
                "Last-Modified",
                "OData-Version",
                "A",
                "9x-A_b"
            })
    void aNameHasOneSpellingHoweverItWasWritten(String name) {
        assertThat(FieldNames.canonical(name)).isEqualTo(name);
        assertThat(FieldNames.canonical(name.toLowerCase(java.util.Locale.ROOT)))
                .isEqualTo(name);
        assertThat(FieldNames.canonical(name.toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(name);
    }
}
