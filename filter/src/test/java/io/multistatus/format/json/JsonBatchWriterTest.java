package io.multistatus.format.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written is read as it was, to the byte. */
class JsonBatchWriterTest {
    private static final int TRIES = 1_000;

    private record Item(
            String id, String method, String url, String header, String type, ByteBuffer body, int relation) {}

    private static byte[] write(List<Subrequest> items) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonBatchWriter writer = new JsonBatchWriter(out);
        writer.begin();
        for (Subrequest item : items) {
            writer.item(item, 500 + item.index());
        }
        writer.end();
        return out.toByteArray();
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars('a', 'Z', ' ', '"', '\\', '/', '{', '}', '$', '\u00e4', '\u20ac', '\ufeff', '\u2028')
                .ofMaxLength(12);
    }

    private static Arbitrary<byte[]> bodies() {
        Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
        Arbitrary<byte[]> json = Arbitraries.of(
                        "{}",
                        "null",
                        "\"a\"",
                        "1.50e+1",
                        " [1]",
                        "{ \"a\" : 1,\r\n\"a\":null }",
                        "[1]\n",
                        "\ufeff{}",
                        "{",
                        "1 2")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> text = texts().map(string -> string.getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> wide = texts().map(string -> string.getBytes(StandardCharsets.UTF_16));
        return Arbitraries.oneOf(any, json, text, wide);
    }

    @Provide
    Arbitrary<List<Item>> items() {
        return Combinators.combine(
                        texts(),
                        Arbitraries.of("GET", "PUT", "POST", "PURGE", "x-Y"),
                        texts().filter(text -> !text.isEmpty()),
                        Arbitraries.of("x", "", "a, b", "\"q\"", "\u00ff"),
                        Arbitraries.of(
                                "",
                                "application/json",
                                "application/merge-patch+json",
                                "application/json;charset=utf-16",
                                "text/plain",
                                "text/plain;charset=utf-8",
                                "text/plain;charset=iso-8859-1",
                                "text/xml; charset=utf-16",
                                "application/x-www-form-urlencoded",
                                "image/png",
                                "???"),
                        bodies().map(ByteBuffer::wrap),
                        Arbitraries.integers().between(0, 4))
                .as(Item::new)
                .list()
                .ofMaxSize(5);
    }

    private static Subrequest request(int index, Item item, List<Subrequest> before) {
        List<String> dependsOn = index > 0 && item.relation() == 1
                ? List.of(Objects.requireNonNull(before.get(index - 1).id()).text())
                : List.of();
        Headers.Builder headers = Headers.builder().add("X-Any", item.header()).add("x-any", "2");
        if (!item.type().isEmpty()) {
            headers.add("Content-Type", item.type());
        }
        // Without a type it has none: one would be added.
        boolean hasBody = item.relation() != 2 && !item.type().isEmpty();
        return new Subrequest(
                index,
                index % 3 == 2 ? ItemId.ofNumber("-" + index) : ItemId.of(index + item.id()),
                item.method(),
                item.url(),
                headers.build(),
                hasBody ? item.body() : null,
                dependsOn,
                item.relation() == 3 ? "g" + index : null,
                null);
    }

    @Property(tries = TRIES)
    void whatIsWrittenIsRead(@ForAll("items") List<Item> items) throws Exception {
        List<Subrequest> written = new ArrayList<>();
        for (Item item : items) {
            written.add(request(written.size(), item, written));
        }
        Batch batch = BatchReading.read(write(written));
        assertThat(batch.size()).isEqualTo(written.size());
        for (int i = 0; i < written.size(); i++) {
            Subrequest read = batch.items().get(i);
            Subrequest expected = written.get(i);
            assertThat(read.fault()).isNull();
            assertThat(read.id()).isEqualTo(expected.id());
            assertThat(read.method()).isEqualTo(expected.method());
            assertThat(read.url()).isEqualTo(expected.url());
            assertThat(read.headers().all("X-Any")).isEqualTo(expected.headers().all("X-Any"));
            assertThat(read.headers().all("Content-Type"))
                    .isEqualTo(expected.headers().all("Content-Type"));
            assertThat(read.dependsOn()).isEqualTo(expected.dependsOn());
            assertThat(read.atomicityGroup()).isEqualTo(expected.atomicityGroup());
            assertThat(read.body()).isEqualTo(expected.body());
        }
    }

    @Example
    void whatHasAFaultIsNotReadAsAnythingElse() throws Exception {
        Subrequest faulty = new Subrequest(
                0,
                ItemId.of("a"),
                "DELETE",
                "/all",
                Headers.empty(),
                null,
                List.of(),
                null,
                Problem.malformedRequest("on purpose"));
        assertThat(BatchReading.read(write(List.of(faulty))).items().get(0).fault())
                .isNotNull();
    }

    @Example
    void theLastStatusIsToldToThePersonThatReadsIt() throws Exception {
        Subrequest item = new Subrequest(0, ItemId.of("a"), "GET", "/", Headers.empty(), null, List.of(), null, null);
        assertThat(new String(write(List.of(item)), StandardCharsets.UTF_8))
                .isEqualTo("{\"requests\":[\n{\"id\":\"a\",\"lastStatus\":500,\"method\":\"GET\",\"url\":\"/\"}]}\n");
        assertThat(BatchReading.read(write(List.of())).size()).isZero();
    }
}
