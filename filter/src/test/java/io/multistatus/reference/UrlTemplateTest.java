package io.multistatus.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTemplateTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aZ09-._~",
                "/ ?%#",
                "\u00e9\u07ff",
                "\u0800\u4e2d\uffff",
                "\ud83d\ude00",
                "a/\u4e2d\u00e9\ud83d\ude00"
            })
    void theLengthOfAValueIsKnownBeforeItIsEncoded(String value) throws Exception {
        String url = "{$a.body}";
        String filled = new UrlTemplate(url, Expression.findAll(url, List.of("a"))).fill(expression -> value);
        assertThat(UrlTemplate.encodedLength(value)).isEqualTo(filled.length());
    }
}
