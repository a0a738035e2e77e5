package io.multistatus.format.json;

import static io.multistatus.format.json.EnvelopeWriting.entry;
import static io.multistatus.format.json.EnvelopeWriting.readBack;
import static io.multistatus.format.json.EnvelopeWriting.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.model.Headers;
import io.multistatus.model.Subresponse;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeBodyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"b\" : 1.0e+02 ,\"a\":\t-0,\"a\":[ ] }",
                " \r\n\t[1,\n2]\n",
                "\"\u00e4\u20ac\ud83d\ude00\u2028\\ud800\"",
                "null",
                "-0",
                "12345678901234567890123456789.10"
            })
    void jsonIsInlineAsTheVeryBytesOfTheHost(String json) throws Exception {
        for (String type :
                new String[] {"application/json", "application/x+json;charset=utf-8", "text/json; charset=klingon"}) {
            assertThat(entry(response(type, utf8(json)))).endsWith(",\"body\":" + json + "}");
            assertThat(entry(response(type, utf8("\uFEFF" + json)))).endsWith(",\"body\":" + json + "}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "windows-1252", "UTF-16", "UTF-16LE", "UTF-32", "x-UTF-16LE-BOM"})
    void jsonInAnotherDeclaredCharsetIsInlineAsUtf8(String charset) throws Exception {
        String json = "{ \"gr\u00fc\u00df\" : 1.0 }";
        assertThat(entry(response("application/json;charset=" + charset, json.getBytes(Charset.forName(charset)))))
                .endsWith(",\"body\":" + json + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1",
                "{\"a\":1}}",
                "{}{}",
                "[1,]",
                "{'a':1}",
                "NaN",
                "01",
                "tru",
                " ",
                "\"",
                "\"a\nb\"",
                "<html>",
                "/**/1",
                "1 2",
                "\uFEFF",
                "\uFEFF{",
                "\u0000",
                "{}\u0000",
                "\"\\x\"",
                "\u00a0{}"
            })
    void brokenJsonIsText(String body) throws Exception {
        JsonNode entry = readBack(response("application/json", utf8(body)));
        assertThat(entry.get("bodyEncoding").textValue()).isEqualTo("text");
        assertThat(entry.get("body").textValue()).isEqualTo(body);
    }

    @Test
    void brokenJsonInAnotherDeclaredCharsetIsTextDecodedFromIt() throws Exception {
        JsonNode entry = readBack(response("application/json;charset=iso-8859-1", latin1("{\"\u00e4")));
        assertThat(entry.get("bodyEncoding").textValue()).isEqualTo("text");
        assertThat(entry.get("body").textValue()).isEqualTo("{\"\u00e4");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, {\"a\":\"\u00ff\"}",
        "application/json, \u00c0\u00af",
        "application/json;charset=utf-16, abc",
        "application/json;charset=us-ascii, \"\u00c3\u00a4\"",
        "text/plain;charset=utf-8, \u00ff",
        "text/plain;charset=us-ascii, \u00e4",
        "text/plain;charset=utf-16be, \u00d8\u0000",
        "text/csv, \u00ff\u00fea\u0000;\u0000b\u0000",
        "text/csv, \u00fe\u00ff\u0000a\u0000;\u0000b",
        "application/xml, \u00ff\u00fe<\u0000a\u0000",
        "text/plain, \u00ff\u00fe",
        "application/octet-stream, abc",
        "image/png, \u0089PNG",
        "application/x-ndjson, {}",
        "'', abc",
        "not a type, abc"
    })
    void whatIsNoTextOrDoesNotDecodeIsBase64(String type, String latin1) throws Exception {
        assertBase64(readBack(response(type, latin1(latin1))), latin1);
    }

    @Test
    void withoutAContentTypeItIsBase64() throws Exception {
        assertBase64(readBack(response(null, latin1("{}"))), "{}");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, UTF-8",
        "text/html;charset=utf-8, UTF-8",
        "text/html;charset=klingon, UTF-8",
        "text/plain, ISO-8859-1",
        "application/xml, ISO-8859-1",
        "text/plain;charset=ISO-8859-1, ISO-8859-1",
        "image/svg+xml;charset=utf-16, UTF-16",
        "application/javascript, UTF-8",
        "application/x-www-form-urlencoded, UTF-8"
    })
    void textIsAString(String type, String charset) throws Exception {
        String text = "<p class=\"x\">gr\u00fc\u00df\\\r\n\u0000\u001f</p>";
        JsonNode entry = readBack(response(type, text.getBytes(Charset.forName(charset))));
        assertThat(entry.get("bodyEncoding").textValue()).isEqualTo("text");
        assertThat(entry.get("body").textValue()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00ff", "\u00fe", "\u00ff\u00ff", "\u00fe\u00fe", "\u00ffa", "a\u00ff\u00fe"})
    void latin1WithoutAByteOrderMarkOfUtf16IsAString(String text) throws Exception {
        JsonNode entry = readBack(response("text/plain", latin1(text)));
        assertThat(entry.get("bodyEncoding").textValue()).isEqualTo("text");
        assertThat(entry.get("body").textValue()).isEqualTo(text);
    }

    @Test
    void anEmptyBodyIsAbsent() throws Exception {
        for (String type : new String[] {"application/json", "text/plain", "image/png"}) {
            assertThat(entry(response(type, new byte[0]))).doesNotContain("body");
        }
    }

    @Test
    void aWholeBodyFitsWhateverItsLength() throws Exception {
        for (int length : new int[] {8000, 8180, 8191, 8192, 8193, 8198, 16_384, 100_000}) {
            String text = "\u0001\u00e4".repeat(length / 2);
            assertThat(readBack(response("text/plain", utf8(text))).get("body").textValue())
                    .isEqualTo(text);
            assertThat(readBack(response("text/plain;charset=utf-16", text.getBytes(StandardCharsets.UTF_16)))
                            .get("body")
                            .textValue())
                    .isEqualTo(text);
            assertBase64(readBack(response("image/png", latin1(text))), text);
            String json = "[" + " ".repeat(length) + "]";
            assertThat(entry(response("application/json", utf8(json)))).endsWith(",\"body\":" + json + "}");
        }
    }

    @Test
    void jsonTooDeepForAnEnvelopeIsText() throws Exception {
        String deep = "[".repeat(997) + "]".repeat(997);
        assertThat(readBack(response("application/json", utf8(deep)))
                        .get("body")
                        .isArray())
                .isTrue();
        JsonNode deeper = readBack(response("application/json", utf8("[" + deep + "]")));
        assertThat(deeper.get("body").textValue()).isEqualTo("[" + deep + "]");
        assertThat(readBack(response("application/json", utf8("[".repeat(100_000))))
                        .get("bodyEncoding")
                        .textValue())
                .isEqualTo("text");
    }

    @Test
    void buffersOfAnyKindAreReadAndLeftAsTheyAre() throws Exception {
        ByteBuffer part = ByteBuffer.wrap(utf8("xx[1]xx"), 2, 3).slice();
        ByteBuffer direct =
                ByteBuffer.allocateDirect(9).put(utf8("yyy[1]yyy")).position(3).limit(6);
        for (ByteBuffer body : new ByteBuffer[] {part, part.asReadOnlyBuffer(), direct}) {
            Headers headers = Headers.of("content-type", "application/json");
            for (int i = 0; i < 2; i++) {
                assertThat(entry(Subresponse.of(200, headers, body))).endsWith(",\"body\":[1]}");
            }
        }
    }

    private static void assertBase64(JsonNode entry, String latin1) {
        assertThat(entry.get("bodyEncoding").textValue()).isEqualTo("base64");
        assertThat(entry.get("body").textValue()).doesNotContain("=", "+", "/");
        assertThat(Base64.getUrlDecoder().decode(entry.get("body").textValue())).isEqualTo(latin1(latin1));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
