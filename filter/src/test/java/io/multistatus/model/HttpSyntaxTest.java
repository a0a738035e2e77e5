package io.multistatus.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HttpSyntaxTest {

    @Test
    void tokensAreMadeOfTheCharactersThatRfc9110Lists() {
        String listed = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (char c = 0; c < 0x200; c++) {
            assertThat(HttpSyntax.isToken(Character.toString(c)))
                    .as("U+%04X", (int) c)
                    .isEqualTo(listed.indexOf(c) >= 0);
        }
        assertThat(HttpSyntax.isToken("")).isFalse();
        assertThat(HttpSyntax.isToken("X-A b")).isFalse();
    }

    @Test
    void fieldValuesAreLatin1WithoutControls() {
        for (char c = 0; c < 0x200; c++) {
            assertThat(HttpSyntax.isFieldValue("a" + c + "b"))
                    .as("U+%04X", (int) c)
                    .isEqualTo(c == '\t' || (c >= ' ' && c < 0x7f) || (c >= 0x80 && c <= 0xff));
        }
        assertThat(HttpSyntax.isFieldValue("")).isTrue();
    }

    @Test
    void onlySpacesAndTabsAreTrimmed() {
        assertThat(HttpSyntax.trim(" \t a \t b\t ")).isEqualTo("a \t b");
        assertThat(HttpSyntax.trim("\r\na\u00a0")).isEqualTo("\r\na\u00a0");
        assertThat(HttpSyntax.trim(" \t ")).isEmpty();
    }
}
