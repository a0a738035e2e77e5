package io.multistatus.format.json;

import static io.multistatus.format.json.EnvelopeWriting.request;
import static io.multistatus.format.json.EnvelopeWriting.response;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.format.Dialect;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class NdjsonEnvelopeWriterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void thereIsALineForEachItemAndOneForTheWhole() throws Exception {
        NdjsonEnvelopeWriter writer = new NdjsonEnvelopeWriter(Dialect.NATIVE, 207);
        writer.begin(out);
        writer.item(request(2, ItemId.ofNumber("7")), response("text/plain", bytes("one\r\ntwo")), true, out);
        writer.keepAlive(out);
        writer.item(request(1, null), Subresponse.of(204, Headers.empty(), ByteBuffer.allocate(0)), out);
        writer.item(request(0, ItemId.of("a")), response("application/json", bytes("[\n1\r,\n\n\"\\n\"]\n")), out);
        writer.end(new Summary(3, 0, List.of(), OptionalLong.empty()), out);

        assertThat(writer.contentType()).isEqualTo("application/x-ndjson");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                {"id":7,"status":200,"message":"OK","headers":{"Content-Type":"text/plain"},"cookies":"dropped",\
                "body":"one\\r\\ntwo","bodyEncoding":"text"}

                {"index":1,"status":204,"message":"No Content","headers":{}}
                {"id":"a","status":200,"message":"OK","headers":{"Content-Type":"application/json"},\
                "body":[ 1 ,  "\\n"] }
                {"status":207,"summary":{"total":3,"succeeded":3,"failed":0,"retryable":[]}}
                """);
    }

    @Test
    void aLineSaysThatItsItemHasBeenRefused() throws Exception {
        Subresponse refusal = Subresponse.of(Problem.of(403, "forbidden-target", "No"));
        new NdjsonEnvelopeWriter(Dialect.NATIVE, 207).item(request(0, ItemId.of("a")), refusal, out);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("{\"id\":\"a\",\"status\":403,\"message\":\"Forbidden\",\"refused\":true,\"headers\":{");
    }

    /** Of OData's, a line has those members only that its envelope has. */
    @Test
    void inTheDialectOfODataALineHasItsMembers() throws Exception {
        NdjsonEnvelopeWriter writer = new NdjsonEnvelopeWriter(Dialect.ODATA, 200);
        writer.item(request(0, ItemId.of("a")), response("text/plain", bytes("x")), true, out);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"id\":\"a\",\"status\":200,\"headers\":{\"Content-Type\":\"text/plain\"},\"body\":\"x\"}\n");
    }
}
