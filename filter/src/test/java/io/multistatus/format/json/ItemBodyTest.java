package io.multistatus.format.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Subrequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemBodyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"b\" : 1.0e+02 ,\"a\":\t-0,\"a\":[ ] }",
                "[]",
                "[1 , 2\n]",
                "\"a\\u0062\\/\"",
                "\",\"",
                "\"\"",
                "-12.5E-3",
                "12345678901234567890123456789.10",
                "0",
                "true",
                "false",
                "\"\u00e4\u20ac\ud83d\ude00\""
            })
    void jsonGoesOnAsTheVeryBytesThatWereWritten(String json) throws Exception {
        String utf8 = new String(json.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        for (String tail : new String[] {"", " ", "\r\n\t ", ",\"x\":1", " , \"x\":1", "\n\n,\n\"x\" :1 "}) {
            Subrequest item = BatchReading.readItem(
                    "{\"id\":\"a\",\"method\":\"PUT\",\"url\":\"/\",\"body\": \n" + json + tail + "}");
            assertThat(item.fault()).isNull();
            assertThat(BatchReading.body(item)).isEqualTo(utf8);
            assertThat(BatchReading.bytes(item).array()).as("sized to fit").hasSize(utf8.length());
            assertThat(item.headers().all("Content-Type")).containsExactly("application/json");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "Application/Merge-Patch+JSON; charset=utf-8", "text/json"})
    void aJsonTypeIsKeptAsItIs(String contentType) throws Exception {
        Subrequest item = item("{\"n\": 1}", contentType, null);
        assertThat(BatchReading.body(item)).isEqualTo("{\"n\": 1}");
        assertThat(item.headers().all("content-type")).containsExactly(contentType);
    }

    @Test
    void theBodyMayStandBeforeWhatSaysHowToReadIt() throws Exception {
        Subrequest item = BatchReading.readItem("""
                {"body":"a\\nb","id":"a","url":"/","method":"PUT","headers":{"content-type":"text/plain"}}""");
        assertThat(BatchReading.body(item)).isEqualTo("a\nb");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, UTF-8",
        "text/plain; charset=ISO-8859-1, ISO-8859-1",
        "text/csv;charset=\"utf-16be\", UTF-16BE",
        "application/x-www-form-urlencoded, UTF-8",
        "application/xml; charset=windows-1252, windows-1252",
        "application/atom+xml, UTF-8",
        "image/svg+xml, UTF-8"
    })
    void textGoesOnInTheCharsetOfItsType(String contentType, String charset) throws Exception {
        Subrequest item = item("\"gr\\u00fc\u00df \\\"dich\\\"\"", contentType, null);
        assertThat(item.fault()).isNull();
        assertThat(BatchReading.body(item))
                .isEqualTo(new String(
                        "gr\u00fc\u00df \"dich\"".getBytes(Charset.forName(charset)), StandardCharsets.ISO_8859_1));
        assertThat(item.headers().all("Content-Type")).containsExactly(contentType);
    }

    @ParameterizedTest
    @ValueSource(strings = {"_-8A/w", "/+8A_w==", "_-8A_w", "/+8A/w=="})
    void everythingElseIsBase64OfEitherAlphabet(String base64) throws Exception {
        for (String contentType : new String[] {"application/octet-stream", "image/png", "no media type"}) {
            Subrequest item = item('"' + base64 + '"', contentType, null);
            assertThat(item.fault()).isNull();
            assertThat(BatchReading.body(item)).isEqualTo("\u00ff\u00ef\u0000\u00ff");
        }
    }

    @Test
    void anEmptyStringIsAnEmptyBodyNotNone() throws Exception {
        assertThat(BatchReading.body(item("\"\"", "text/plain", null))).isEmpty();
        assertThat(BatchReading.body(item("\"\"", "image/png", null))).isEmpty();
    }

    @Test
    void nullIsNoBodyUnlessItIsSaidToBeJson() throws Exception {
        for (String contentType : new String[] {null, "application/json", "text/plain", "image/png"}) {
            assertThat(item("null", contentType, null).body()).isNull();
            assertThat(BatchReading.body(item("null", contentType, "json"))).isEqualTo("null");
        }
        assertThat(item("null", "text/plain", "text").body()).isNull();
        assertThat(item("null", null, null).headers().size()).isZero();
        assertThat(item("null", null, "json").headers().all("Content-Type")).containsExactly("application/json");
    }

    @Test
    void withoutABodyMemberThereIsNoBodyWhateverTheEncoding() throws Exception {
        Subrequest item =
                BatchReading.readItem("{\"id\":1,\"method\":\"GET\",\"url\":\"/\",\"bodyEncoding\":\"json\"}");
        assertThat(item.body()).isNull();
        assertThat(item.headers().size()).isZero();
    }

    @Test
    void bodyEncodingOverridesTheType() throws Exception {
        assertThat(BatchReading.body(item("[ 1 ]", "text/plain", "json"))).isEqualTo("[ 1 ]");
        assertThat(BatchReading.body(item("\"{broken\"", "application/json", "text")))
                .isEqualTo("{broken");
        assertThat(BatchReading.body(item("\"AAE\"", "application/json", "base64")))
                .isEqualTo("\u0000\u0001");
        Subrequest text = item("\"x\"", null, "text");
        assertThat(BatchReading.body(text)).isEqualTo("x");
        assertThat(text.headers().contains("Content-Type")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | text/plain | body must be a string, as text (Content-Type 'text/plain'), but is an object",
                "1 | image/png | body must be a string, as base64 (Content-Type 'image/png'), but is an integer",
                "'a b' | image/png | body is not base64url or base64",
                "'YQ=' | image/png | body is not base64url or base64",
                "'YWJj\\n' | image/png | body is not base64url or base64",
                "'Y' | image/png | body is not base64url or base64",
                "'\u20ac' | image/png | body is not base64url or base64",
                "'\\ud800' | text/plain | body has a character that UTF-8 cannot encode",
                "'\\udc00\\ud800' | text/plain;charset=utf-16 | body has a character that UTF-16 cannot encode",
                "'\u20ac' | text/plain;charset=iso-8859-1 | body has a character that ISO-8859-1 cannot encode",
                "'x' | text/plain;charset=klingon | the charset 'klingon' is not supported",
                "'x' | text/plain;charset=ISO-2022-CN | the charset 'ISO-2022-CN' is not supported",
                "'x' | text/plain;charset=\"no name\" | the charset 'no name' is not supported"
            })
    void aBodyThatDoesNotSuitItsTypeIsTheItemsFault(String body, String contentType, String fault) throws Exception {
        Subrequest item = item(body.replace('\'', '"'), contentType, null);
        assertThat(item.findFault().orElseThrow().detail()).isEqualTo("Item 'a': " + fault);
        assertThat(item.body()).isNull();
        assertThat(item.method()).isEqualTo("PUT");
    }

    private static Subrequest item(String body, @Nullable String contentType, @Nullable String encoding)
            throws Exception {
        String headers = contentType == null
                ? ""
                : ",\"headers\":{\"Content-Type\":\"" + contentType.replace("\"", "\\\"") + "\"}";
        String bodyEncoding = encoding == null ? "" : ",\"bodyEncoding\":\"" + encoding + '"';
        return BatchReading.readItem(
                "{\"id\":\"a\",\"method\":\"PUT\",\"url\":\"/\",\"body\":" + body + headers + bodyEncoding + "}");
    }
}
