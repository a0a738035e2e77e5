package io.multistatus.format.multipart;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MultipartEnvelopeWriterTest {
    private final MultipartEnvelopeWriter writer = new MultipartEnvelopeWriter(false);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private static Subrequest request(@Nullable ItemId id, String method) {
        return new Subrequest(0, id, method, "/", Headers.empty(), null, List.of(), null, null);
    }

    private static Subresponse response(int status, String body, String... headers) {
        return Subresponse.of(status, Headers.of(headers), ByteBuffer.wrap(body.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private String written() throws IOException {
        writer.end(new Summary(1, 0, List.of(), OptionalLong.empty()), out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private String boundary() {
        return writer.contentType().replace("multipart/mixed; boundary=", "");
    }

    @Test
    void eachItemIsAPart() throws Exception {
        writer.begin(out);
        writer.item(
                request(new ItemId("1", ItemId.Spelling.BRACKETED), "POST"),
                response(201, "\u0000\u00ff\r\n--x", "location", "/carts/1", "X-A", "1", "X-A", "2"),
                out);
        writer.item(request(null, "GET"), response(204, ""), out);

        String b = "--" + boundary();
        assertThat(boundary()).matches("[A-Za-z0-9_-]{20,70}");
        assertThat(written())
                .isEqualTo(String.join(
                        "\r\n",
                        b,
                        "Content-Type: application/http",
                        "Content-ID: <response-1>",
                        "",
                        "HTTP/1.1 201 Created",
                        "Location: /carts/1",
                        "X-A: 1",
                        "X-A: 2",
                        "Content-Length: 7",
                        "",
                        "\u0000\u00ff\r\n--x",
                        b,
                        "Content-Type: application/http",
                        "",
                        "HTTP/1.1 204 No Content",
                        "",
                        "",
                        b + "--",
                        ""));
    }

    @Test
    void boundariesAreNotToBeGuessed() {
        assertThat(new MultipartEnvelopeWriter(false).contentType()).isNotEqualTo(writer.contentType());
    }

    @Test
    void anAnswerToHeadHasNoLengthOfItsOwn() throws Exception {
        writer.item(request(ItemId.of("h"), "HEAD"), response(200, ""), out);
        assertThat(written()).contains("Content-ID: response-h\r\n").doesNotContain("Content-Length");
    }

    @Test
    void anAnswerToHeadHasNoBodyEvenIfItIsAProblem() throws Exception {
        writer.item(request(ItemId.of("h"), "HEAD"), Subresponse.of(Problem.malformedRequest("why\n\u20ac")), out);
        assertThat(written())
                .isEqualTo(String.join(
                        "\r\n",
                        "--" + boundary(),
                        "Content-Type: application/http",
                        "Content-ID: response-h",
                        "Content-Description: urn:multistatus:malformed-request: why  ",
                        "",
                        "HTTP/1.1 400 Bad Request",
                        "Content-Type: application/problem+json",
                        "",
                        "",
                        "--" + boundary() + "--",
                        ""));
    }

    @Test
    void whatAHostShouldNotHaveSetBreaksNothing() throws Exception {
        writer.item(
                request(ItemId.of("\u20ac <"), "GET"),
                response(200, "", "X y", "1", "Z:", "2", "", "3", "Bad", "a\r\nSet-Cookie: b\u20ac", "Good", "\u00e9"),
                out);
        assertThat(written())
                .contains("Content-ID: response-%E2%82%AC <\r\n")
                .contains("HTTP/1.1 200 OK\r\nBad: a  Set-Cookie: b \r\nGood: \u00e9\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void anItemWhoseCookiesTheClientDoesNotGetSaysSo() throws Exception {
        writer.item(request(null, "GET"), response(200, ""), true, out);
        assertThat(written()).contains("Batch-Cookies: dropped\r\n\r\nHTTP/1.1 200");
    }
}
