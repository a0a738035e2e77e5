package io.multistatus.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderNamePatternsTest {

    @Test
    void namesCompareWithoutCase() {
        HeaderNamePatterns names = HeaderNamePatterns.of(List.of("X-Tenant", "cookie"));
        assertThat(List.of("x-tenant", "X-TENANT", "Cookie")).allMatch(names::matches);
        assertThat(List.of("X-Tenant-Id", "X-Tenan", "Set-Cookie", "")).noneMatch(names::matches);
    }

    @Test
    void aStarStandsForAnyRest() {
        HeaderNamePatterns names = HeaderNamePatterns.of(List.of("X-Foo-*"));
        assertThat(List.of("X-Foo-Bar", "x-foo-", "X-FOO-a-b")).allMatch(names::matches);
        assertThat(List.of("X-Foo", "X-Fo", "Y-X-Foo-Bar")).noneMatch(names::matches);
    }

    @Test
    void aStarAloneStandsForAllNames() {
        HeaderNamePatterns all = HeaderNamePatterns.of(List.of("*"));
        assertThat(all.matches("Anything")).isTrue();
        assertThat(all.isEmpty()).isFalse();
    }

    @Test
    void noPatternsMatchNothing() {
        HeaderNamePatterns none = HeaderNamePatterns.of(List.of());
        assertThat(none.isEmpty()).isTrue();
        assertThat(none.matches("Accept")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X Foo", "X-Foo:", "X*Foo", "*-Foo", "X-**", "X-Fo\u00f6", "X-\n", "a/b"})
    void whatIsNoTokenIsRefusedByName(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderNamePatterns.of(List.of("X-Fine", name)))
                .withMessageContaining("'" + name + "' is no header name");
    }
}
