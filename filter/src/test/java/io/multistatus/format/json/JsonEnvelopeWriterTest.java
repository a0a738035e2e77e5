package io.multistatus.format.json;

import static io.multistatus.format.json.EnvelopeWriting.entry;
import static io.multistatus.format.json.EnvelopeWriting.parse;
import static io.multistatus.format.json.EnvelopeWriting.request;
import static io.multistatus.format.json.EnvelopeWriting.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.format.Dialect;
import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JsonEnvelopeWriterTest {
    private static final Subresponse NOTHING = Subresponse.of(204, Headers.empty(), ByteBuffer.allocate(0));

    @Test
    void anEnvelopeHasAnEntryForEachItemAndASummary() throws Exception {
        EnvelopeWriter writer = new JsonBatchFormat().newWriter(Dialect.NATIVE, 207);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.begin(out);
        writer.item(request(0, ItemId.of("a")), response("application/json", bytes("{\"n\": 1.0}")), out);
        writer.item(request(1, ItemId.ofNumber("7")), Subresponse.of(Problem.of(503, "x", "X")), out);
        writer.item(request(2, null), NOTHING, out);
        writer.end(new Summary(3, 1, List.of(ItemId.ofNumber("7"), ItemId.of("b")), OptionalLong.of(5)), out);

        assertThat(writer.contentType()).isEqualTo("application/json");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        {"status":207,"responses":[
                        {"id":"a","status":200,"message":"OK","headers":{"Content-Type":"application/json"},"body":{"n": 1.0}},
                        {"id":7,"status":503,"message":"Service Unavailable",\
                        "headers":{"Content-Type":"application/problem+json"},\
                        "body":{"type":"urn:multistatus:x","title":"X","status":503,"detail":"X"}},
                        {"status":204,"message":"No Content","headers":{}}],
                        "summary":{"total":3,"succeeded":2,"failed":1,"retryable":[7,"b"],"retryAfter":5}}
                        """);
        assertThat(parse(out.toByteArray()).get("responses")).hasSize(3);
    }

    @Test
    void anEntrySaysThatItsItemHasBeenRefused() throws Exception {
        Problem problem = Problem.of(403, "forbidden-target", "No");
        Subresponse refusal = Subresponse.of(problem);
        String entry = "{\"id\":\"a\",\"status\":403,%s\"headers\":{\"Content-Type\":\"application/problem+json\"},"
                + "\"body\":{\"type\":\"urn:multistatus:forbidden-target\",\"title\":\"No\",\"status\":403,\"detail\":\"No\"}}";

        assertThat(entry(refusal)).isEqualTo(entry.formatted("\"message\":\"Forbidden\",\"refused\":true,"));
        assertThat(entry(Subresponse.of(403, refusal.headers(), refusal.body())))
                .isEqualTo(entry.formatted("\"message\":\"Forbidden\","));
        ByteArrayOutputStream odata = new ByteArrayOutputStream();
        new JsonBatchFormat().newWriter(Dialect.ODATA, 200).item(request(0, ItemId.of("a")), refusal, odata);
        assertThat(odata.toString(StandardCharsets.UTF_8)).endsWith(entry.formatted(""));
    }

    @Test
    void anEmptyBatchHasAnEnvelopeToo() throws Exception {
        byte[] envelope = EnvelopeWriting.write(new Summary(0, 0, List.of(), OptionalLong.empty()), ItemId.of("a"));
        JsonNode root = parse(envelope);
        assertThat(root.get("responses")).isEmpty();
        assertThat(root.get("summary").toString())
                .isEqualTo("{\"total\":0,\"succeeded\":0,\"failed\":0,\"retryable\":[]}");
    }

    @Test
    void eachPieceIsAllInTheStreamItWasGiven() throws Exception {
        EnvelopeWriter writer = new JsonBatchFormat().newWriter(Dialect.NATIVE, 200);
        StringBuilder envelope = new StringBuilder();
        for (int piece = 0; piece < 5; piece++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (piece == 0) {
                writer.begin(out);
            } else if (piece < 4) {
                writer.item(request(piece, ItemId.of("i" + piece)), NOTHING, out);
            } else {
                writer.end(new Summary(3, 0, List.of(), OptionalLong.empty()), out);
            }
            assertThat(out.size()).isPositive();
            envelope.append(out.toString(StandardCharsets.UTF_8));
        }
        JsonNode root = parse(bytes(envelope.toString()));
        assertThat(root.get("status").intValue()).isEqualTo(200);
        assertThat(root.get("responses").findValuesAsText("id")).containsExactly("i1", "i2", "i3");
    }

    @Test
    void aFieldHasOneNameHoweverTheHostSpelledItAndRepeatsAreJoined() throws Exception {
        Headers headers = Headers.of(
                "etag", "\"1\"", "VARY", "a", "x-custom", "", "Vary", "b", "www-authenticate", "Basic", "vary", "c");
        assertThat(entry(Subresponse.of(200, headers, ByteBuffer.allocate(0))))
                .endsWith(
                        "\"headers\":{\"ETag\":\"\\\"1\\\"\",\"Vary\":\"a, b, c\",\"X-Custom\":\"\",\"WWW-Authenticate\":\"Basic\"}}");
    }

    @Test
    void whatTheHostPutsIntoHeadersCannotBreakTheEnvelope() throws Exception {
        String value = "\u0000\u0001\u001f\"\\\r\n\t\u007f\u0080\u00ff\u2028\u20ac\ud83d\ude00\ud800x\udc00";
        JsonNode entry =
                EnvelopeWriting.readBack(Subresponse.of(299, Headers.of("X-\"}\n", value), ByteBuffer.allocate(0)));
        assertThat(entry.get("headers").get("X-\"}\n").textValue()).isEqualTo(value);
        assertThat(entry.get("message").textValue()).isEqualTo("Successful");
    }

    @Test
    void idsComeBackCharacterByCharacter() throws Exception {
        for (String id : List.of("\ud800", "\u0085 \"\\", "\ud83d\ude00", "1")) {
            Summary summary = new Summary(1, 1, List.of(ItemId.of(id)), OptionalLong.empty());
            JsonNode root = parse(EnvelopeWriting.write(summary, ItemId.of(id), NOTHING));
            assertThat(root.get("responses").get(0).get("id").textValue()).isEqualTo(id);
            assertThat(root.get("summary").get("retryable").get(0).textValue()).isEqualTo(id);
        }
        ItemId number = ItemId.ofNumber("-123456789012345678901234567890");
        assertThat(new String(
                        EnvelopeWriting.write(
                                new Summary(1, 1, List.of(number), OptionalLong.empty()), number, NOTHING),
                        StandardCharsets.UTF_8))
                .contains(
                        "{\"id\":-123456789012345678901234567890,", "\"retryable\":[-123456789012345678901234567890]");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aProblemIsTheBodyOfAnAnswerToHeadAsWell() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Subrequest head = new Subrequest(0, ItemId.of("a"), "HEAD", "/", Headers.empty(), null, List.of(), null, null);
        new JsonBatchFormat()
                .newWriter(Dialect.NATIVE, 207)
                .item(head, Subresponse.of(Problem.malformedRequest("why")), out);
        assertThat(EnvelopeWriting.parse(out.toByteArray())
                        .path("body")
                        .path("detail")
                        .textValue())
                .isEqualTo("why");
    }
}
