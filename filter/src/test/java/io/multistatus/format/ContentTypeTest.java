package io.multistatus.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTypeTest {

    @Test
    void typeSubtypeAndNamesOfParametersAreLowerCaseTheirValuesAsWritten() {
        assertThat(ContentType.parse("Text/HTML; Charset=UTF-8;q=A"))
                .contains(new ContentType("text", "html", Map.of("charset", "UTF-8", "q", "A")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/mixed; boundary=\"a;\\\"b\\\\ c\"; x=1",
                "multipart/mixed ;\tx=1 ; ; boundary=\"a;\\\"b\\\\ c\" ;",
                "multipart/mixed;boundary=\"a;\\\"b\\\\ c\";x=1;boundary=later"
            })
    void quotedStringsLoseTheirQuotesAndEscapes(String value) {
        assertThat(ContentType.parse(value).orElseThrow().parameters())
                .containsExactlyInAnyOrderEntriesOf(Map.of("boundary", "a;\"b\\ c", "x", "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"charset", "=utf-8", "cha rset=utf-8", "charset=\"utf-8", "charset=\"a\"b", "charset="})
    void aBrokenParameterCostsOnlyItself(String parameter) {
        ContentType type = ContentType.parse("text/plain; a=1; " + parameter).orElseThrow();
        assertThat(type.essence()).isEqualTo("text/plain");
        assertThat(type.parameters()).isEqualTo(Map.of("a", "1"));
        assertThat(type.charset()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "json", "/json", "application/", "a/b/c", "a b/c", ";charset=utf-8", "text/plain, text/html"
            })
    void whatDoesNotBeginWithAMediaTypeIsNone(String value) {
        assertThat(ContentType.parse(value)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, true, false, false, false",
        "application/problem+json, true, false, false, false",
        "text/json, true, false, true, false",
        "image/json, false, false, false, false",
        "application/json-seq, false, false, false, false",
        "application/xml, false, true, false, false",
        "image/svg+xml, false, true, false, false",
        "text/xml, false, true, true, false",
        "text/csv, false, false, true, false",
        "application/x-www-form-urlencoded, false, false, false, true",
        "application/octet-stream, false, false, false, false"
    })
    void kindsOfTypes(String value, boolean json, boolean xml, boolean text, boolean form) {
        ContentType type = ContentType.parse(value).orElseThrow();
        assertThat(type.isJson()).isEqualTo(json);
        assertThat(type.isXml()).isEqualTo(xml);
        assertThat(type.isText()).isEqualTo(text);
        assertThat(type.isForm()).isEqualTo(form);
    }
}
