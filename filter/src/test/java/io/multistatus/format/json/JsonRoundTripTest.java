package io.multistatus.format.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.format.Dialect;
import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What is written is what is read: batches as clients write them by our reader, our envelopes by Jackson. */
class JsonRoundTripTest {

    /** How a body is written, and what its type is. */
    private enum Kind {
        JSON("application/json"),
        TEXT("text/plain"),
        UTF_16("text/plain; charset=utf-16be"),
        BINARY("image/png");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        byte[] bytes(String body) {
            return body.getBytes(this == UTF_16 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8);
        }
    }

    private record Item(String id, String method, String url, String header, Kind kind, String body) {

        /** Every third is a number. */
        ItemId id(int index) {
            return index % 3 == 2 ? ItemId.ofNumber("-" + index) : ItemId.of(index + id);
        }
    }

    private record Answer(int status, String header, Kind kind, String body) {}

    /** Characters of one to four bytes, controls among them, but no halves of surrogate pairs. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.frequencyOf(
                        Tuple.of(6, Arbitraries.integers().between(' ', '~')),
                        Tuple.of(1, Arbitraries.integers().between(0, 0x1f)),
                        Tuple.of(1, Arbitraries.of((int) '"', (int) '\\', (int) '/', 0x7f, 0x2028, 0xfeff)),
                        Tuple.of(2, Arbitraries.integers().between(0xa0, 0xd7ff)),
                        Tuple.of(1, Arbitraries.integers().between(0xe000, 0xfffd)),
                        Tuple.of(1, Arbitraries.integers().between(0x10000, 0x10ffff)))
                .list()
                .ofMaxSize(40)
                .map(points -> {
                    StringBuilder text = new StringBuilder();
                    points.forEach(text::appendCodePoint);
                    return text.toString();
                });
    }

    private static Arbitrary<String> fieldValues() {
        return Arbitraries.strings()
                .withCharRange('!', '~')
                .withCharRange('\u00a1', '\u00ff')
                .ofMaxLength(20);
    }

    @Provide
    Arbitrary<List<Item>> items() {
        return Combinators.combine(
                        texts().map(text -> text.replaceAll("\\p{Cc}", "")),
                        Arbitraries.of("GET", "PUT", "POST", "PURGE", "x-Y"),
                        texts().filter(text -> !text.isEmpty()),
                        fieldValues(),
                        Arbitraries.of(Kind.class),
                        texts())
                .as(Item::new)
                .list()
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<Answer>> answers() {
        return Combinators.combine(
                        Arbitraries.of(200, 201, 404, 503, 599), fieldValues(), Arbitraries.of(Kind.class), texts())
                .as(Answer::new)
                .list()
                .ofMaxSize(6);
    }

    @Property(tries = 600)
    void whatClientsWriteIsRead(@ForAll("items") List<Item> items, @ForAll Random chance) throws Exception {
        List<String> bodies = items.stream()
                .map(item -> body(item.kind(), item.body(), chance))
                .toList();
        byte[] json = write(items, bodies, chance).getBytes(StandardCharsets.UTF_8);

        Batch batch = BatchReading.read(BatchReading.inPieces(json, 1 + chance.nextInt(50)));

        assertThat(batch.size()).isEqualTo(items.size());
        for (int i = 0; i < items.size(); i++) {
            Item written = items.get(i);
            Subrequest read = batch.items().get(i);
            assertThat(read.fault()).isNull();
            assertThat(read.id()).isEqualTo(written.id(i));
            assertThat(read.method()).isEqualTo(written.method());
            assertThat(read.url()).isEqualTo(written.url());
            assertThat(read.headers().all("X-Any")).containsExactly(written.header(), "2");
            assertThat(read.dependsOn())
                    .isEqualTo(
                            i == 0
                                    ? List.of()
                                    : List.of(items.get(i - 1).id(i - 1).text()));
            byte[] expected = written.kind() == Kind.JSON
                    ? bodies.get(i).getBytes(StandardCharsets.UTF_8)
                    : written.kind().bytes(written.body());
            assertThat(BatchReading.body(read).getBytes(StandardCharsets.ISO_8859_1))
                    .isEqualTo(expected);
        }
    }

    private static String write(List<Item> items, List<String> bodies, Random chance) {
        StringBuilder json = new StringBuilder(space(chance)).append("{");
        if (chance.nextBoolean()) {
            json.append("\"x\":").append(string(items.toString(), chance)).append(',');
        }
        json.append(string("requests", chance)).append(space(chance)).append(":[");
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            List<String> members = new ArrayList<>(List.of(
                    member("id", id(item.id(i), chance), chance),
                    member("method", string(item.method(), chance), chance),
                    member("url", string(item.url(), chance), chance),
                    member(
                            "headers",
                            "{\"X-Any\":[" + string(item.header(), chance) + ",\"2\"],"
                                    + member("Content-Type", string(item.kind().type, chance), chance) + "}",
                            chance),
                    member("body", bodies.get(i), chance),
                    member("whatever", bodies.get(i), chance)));
            if (i > 0) {
                members.add(member("dependsOn", "[" + id(items.get(i - 1).id(i - 1), chance) + "]", chance));
            }
            Collections.shuffle(members, chance);
            json.append(i == 0 ? "" : ",").append(space(chance)).append('{');
            json.append(String.join(",", members)).append('}');
        }
        return json.append(space(chance)).append("]}").append(space(chance)).toString();
    }

    private static String member(String name, String value, Random chance) {
        return space(chance) + string(name, chance) + space(chance) + ":" + space(chance) + value + space(chance);
    }

    private static String id(ItemId id, Random chance) {
        return id.spelling() == ItemId.Spelling.NUMBER ? id.text() : string(id.text(), chance);
    }

    private static String body(Kind kind, String body, Random chance) {
        return switch (kind) {
            case JSON -> "{\"a\" : 1.50e+1," + string(body, chance) + ":[" + string(body, chance) + ",null ], \"a\":2}";
            case TEXT, UTF_16 -> string(body, chance);
            case BINARY -> {
                byte[] bytes = kind.bytes(body);
                Base64.Encoder encoder = chance.nextBoolean() ? Base64.getEncoder() : Base64.getUrlEncoder();
                yield string((chance.nextBoolean() ? encoder : encoder.withoutPadding()).encodeToString(bytes), chance);
            }
        };
    }

    /** With escapes where they must be, and sometimes where they may be. */
    private static String string(String text, Random chance) {
        StringBuilder json = new StringBuilder("\"");
        boolean escapes = chance.nextInt(3) == 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // The halves of a surrogate pair both, or neither.
            boolean may = escapes && (Character.isSurrogate(c) || chance.nextInt(4) == 0);
            if (c < ' ' || may) {
                json.append(String.format(chance.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
            } else {
                json.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return json.append('"').toString();
    }

    private static String space(Random chance) {
        return chance.nextInt(4) == 0 ? " \t\r\n".substring(chance.nextInt(4)) : "";
    }

    @Property(tries = 600)
    void whatWeWriteIsReadByOthers(
            @ForAll("answers") List<Answer> answers, @ForAll Dialect dialect, @ForAll Random chance) throws Exception {
        ByteArrayOutputStream envelope = new ByteArrayOutputStream();
        EnvelopeWriter writer = new JsonBatchFormat().newWriter(dialect, 207);
        writer.begin(envelope);
        for (int i = 0; i < answers.size(); i++) {
            ItemId id = ItemId.of(i + answers.get(i).body());
            writer.item(EnvelopeWriting.request(i, id), response(answers.get(i)), false, envelope);
        }
        writer.end(new Summary(answers.size(), 0, List.of(), OptionalLong.empty()), envelope);

        JsonNode responses = EnvelopeWriting.parse(envelope.toByteArray()).get("responses");
        assertThat(responses).hasSize(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            Answer written = answers.get(i);
            JsonNode read = responses.get(i);
            assertThat(read.get("id").textValue()).isEqualTo(i + written.body());
            assertThat(read.get("status").intValue()).isEqualTo(written.status());
            assertThat(read.get("headers").get("X-Any").textValue()).isEqualTo(written.header());
            assertThat(read.has("message")).isEqualTo(dialect == Dialect.NATIVE);
            assertBody(written, read, dialect);
        }
    }

    private static Subresponse response(Answer answer) {
        String body = answer.kind() == Kind.JSON ? json(answer.body()) : answer.body();
        return Subresponse.of(
                answer.status(),
                Headers.of("x-any", answer.header(), "content-type", answer.kind().type),
                ByteBuffer.wrap(answer.kind().bytes(body)));
    }

    private static String json(String text) {
        return "{\"a\": [" + string(text, new Random(1)) + ", -1.50]}";
    }

    private static void assertBody(Answer written, JsonNode read, Dialect dialect) throws IOException {
        JsonNode body = read.get("body");
        String encoding = null;
        if (written.kind() == Kind.JSON) {
            assertThat(body).isEqualTo(EnvelopeWriting.parse(written.kind().bytes(json(written.body()))));
        } else if (written.body().isEmpty()) {
            assertThat(body).isNull();
        } else if (written.kind() == Kind.BINARY) {
            assertThat(Base64.getUrlDecoder().decode(body.textValue()))
                    .isEqualTo(written.kind().bytes(written.body()));
            assertThat(body.textValue()).doesNotContain("=");
            encoding = "base64";
        } else {
            String text = written.body();
            // Text that is converted loses its byte order mark.
            boolean marked = written.kind() == Kind.UTF_16 && text.startsWith("\ufeff");
            assertThat(body.textValue()).isEqualTo(marked ? text.substring(1) : text);
            encoding = "text";
        }
        assertThat(read.path("bodyEncoding").textValue()).isEqualTo(dialect == Dialect.NATIVE ? encoding : null);
    }
}
