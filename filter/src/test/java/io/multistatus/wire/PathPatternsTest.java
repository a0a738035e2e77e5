package io.multistatus.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternsTest {

    @ParameterizedTest
    @CsvSource({
        "/api/*, /api",
        "/api/*, /api/",
        "/api/*, /api/a/b",
        "/*, /",
        "/*, /a.b/c",
        "/*, ''",
        "/exact, /exact",
        "/exact/, /exact/",
        "*.json, /a.json",
        "*.json, /a/b.c.json",
        "*.json, /.json",
        "/café/*, /café/x",
        "'/a b', '/a b'"
    })
    void aPatternMatchesAsInAServletMapping(String pattern, String path) {
        assertThat(PathPatterns.of(List.of(pattern)).matches(path)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/*, /apis",
        "/api/*, /API/a",
        "/api/*, /x/api/a",
        "/api/*, /ap",
        "/api/*, ''",
        "/exact, /exact/",
        "/exact, /exact/a",
        "/exact, /exac",
        "/exact/, /exact",
        "*.json, /a.json/b",
        "*.json, /a.JSON",
        "*.json, /a.jsonp",
        "*.json, /json",
        "*.json, /a.json."
    })
    void aPatternMatchesNothingElse(String pattern, String path) {
        assertThat(PathPatterns.of(List.of(pattern)).matches(path)).isFalse();
    }

    @Test
    void aSetMatchesWhatAnyOfItsPatternsMatches() {
        PathPatterns patterns = PathPatterns.of(List.of("/api/*", "*.json", "/exact"));
        assertThat(List.of("/api/a", "/x.json", "/exact")).allMatch(patterns::matches);
        assertThat(patterns.matches("/other")).isFalse();
        assertThat(patterns.isEmpty()).isFalse();
        assertThat(patterns).hasToString("[/api/*, *.json, /exact]");
    }

    @Test
    void noPatternsMatchNothing() {
        PathPatterns none = PathPatterns.of(List.of());
        assertThat(none.isEmpty()).isTrue();
        assertThat(none.matches("/")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "api", "api/*", "*", "*.", "*.*", "*.tar.gz", "*.a/b", "/a*", "/a/*.json", "/*/a", "/a/**"})
    void whatIsNoUrlPatternIsRefusedByName(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathPatterns.of(List.of("/fine", pattern)))
                .withMessage("'" + pattern + "' is no path pattern; /api/*, /exact and *.json are");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a//b",
                "/a/../b",
                "/./a",
                "/a/..",
                "/a/./*",
                "/a;b",
                "/a?b",
                "/a#b",
                "/a%20b",
                "/a\\b",
                "/a\u0000"
            })
    void aPatternThatNoCanonicalPathCanMatchIsRefused(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathPatterns.of(List.of(pattern)))
                .withMessageContaining("'" + pattern + "' can match no path");
    }

    @Test
    void aBareSlashIsRefusedBecauseItMayMeanTooMuch() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathPatterns.of(List.of("/")))
                .withMessage("'/' says too little; write /* for all paths");
    }
}
