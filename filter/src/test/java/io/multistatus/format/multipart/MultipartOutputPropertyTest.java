package io.multistatus.format.multipart;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Answers as they are written are read: ids, statuses, fields and bytes, by the reader of parts and the rules of RFC 9112. */
class MultipartOutputPropertyTest {
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);

    /**
     * An item and its answer.
     *
     * @param body in Latin-1
     */
    private record Answer(
            @Nullable ItemId id, String method, int status, List<String> fields, String body, boolean silence) {

        boolean hasBody() {
            return !method.equals("HEAD") && !WITHOUT_BODY.contains(status);
        }

        Subrequest request(int index, @Nullable String group) {
            return new Subrequest(index, id, method, "/x", Headers.empty(), null, List.of(), group, null);
        }

        Subresponse response() {
            Headers.Builder headers = Headers.builder();
            fields.forEach(value -> headers.add("X-Any", value));
            return Subresponse.of(status, headers.build(), ByteBuffer.wrap(body.getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    private record Part(@Nullable ItemId id, int status, List<String> fields, String body) {}

    @Provide
    Arbitrary<List<Answer>> answers() {
        Arbitrary<String> ascii = Arbitraries.strings()
                .withCharRange('!', '~')
                .excludeChars('<', '>')
                .ofMinLength(1)
                .ofMaxLength(20);
        Arbitrary<String> wide = ascii.map(text -> text + "\u00c0\u2116\ud83d\ude00");
        Arbitrary<ItemId> ids = Arbitraries.oneOf(
                Combinators.combine(ascii, Arbitraries.of(ItemId.Spelling.PLAIN, ItemId.Spelling.BRACKETED))
                        .as(ItemId::new),
                Combinators.combine(wide, Arbitraries.of(ItemId.Spelling.PLAIN_UTF_8, ItemId.Spelling.BRACKETED_UTF_8))
                        .as(ItemId::new));
        Arbitrary<String> values = Arbitraries.strings()
                .withCharRange('!', '~')
                .withCharRange('\u00a1', '\u00ff')
                .ofMaxLength(20);
        Arbitrary<String> bodies = Arbitraries.oneOf(
                Arbitraries.strings().withCharRange('\u0000', '\u00ff').ofMaxLength(60),
                Arbitraries.of(
                        "\r\n", "\n", "\r", "--", "\r\n--", "\r\n--batchresponse_", "x\r\n\r\n", "--b--\r\n", " "));
        return Combinators.combine(
                        ids.injectNull(0.2),
                        Arbitraries.of("GET", "HEAD", "POST"),
                        Arbitraries.of(200, 201, 204, 304, 404, 424, 500, 599),
                        values.list().ofMaxSize(3),
                        bodies,
                        Arbitraries.of(true, false))
                .as(Answer::new)
                .list()
                .ofMaxSize(8);
    }

    @Property(tries = 1000)
    void partsAreReadAsTheyAreWritten(@ForAll("answers") List<Answer> answers) throws Exception {
        MultipartEnvelopeWriter writer = new MultipartEnvelopeWriter(false);
        List<List<Part>> read = read(writer, write(writer, answers, List.of()));

        assertThat(read).hasSize(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            assertThat(read.get(i)).hasSize(1);
            assertSame(read.get(i).get(0), answers.get(i), "response-");
        }
    }

    /** Neighbours that are in a change set are in the same one; nothing in it has failed. */
    @Property(tries = 1000)
    void changeSetsAreReadAsTheyAreWritten(@ForAll("answers") List<Answer> answers, @ForAll List<Boolean> inChangeSet)
            throws Exception {
        List<Boolean> grouped = new ArrayList<>();
        List<List<Answer>> expected = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            boolean group = i < inChangeSet.size()
                    && inChangeSet.get(i)
                    && answers.get(i).status() < 400;
            if (group && i > 0 && grouped.get(i - 1)) {
                expected.get(expected.size() - 1).add(answers.get(i));
            } else {
                expected.add(new ArrayList<>(List.of(answers.get(i))));
            }
            grouped.add(group);
        }
        ODataMultipartWriter writer = new ODataMultipartWriter();
        List<List<Part>> read = read(writer, write(writer, answers, grouped));

        assertThat(read).hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(read.get(i)).hasSize(expected.get(i).size());
            for (int j = 0; j < expected.get(i).size(); j++) {
                assertSame(read.get(i).get(j), expected.get(i).get(j), "");
            }
        }
    }

    private static byte[] write(EnvelopeWriter writer, List<Answer> answers, List<Boolean> grouped) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.begin(out);
        for (int i = 0; i < answers.size(); i++) {
            boolean group = i < grouped.size() && grouped.get(i);
            writer.item(
                    answers.get(i).request(i, group ? "g" : null),
                    answers.get(i).response(),
                    out);
            if (answers.get(i).silence() && !group) {
                writer.keepAlive(out);
            }
        }
        writer.end(new Summary(answers.size(), 0, List.of(), OptionalLong.empty()), out);
        return out.toByteArray();
    }

    private static void assertSame(Part part, Answer answer, String prefix) {
        ItemId id = answer.id();
        if (id == null) {
            assertThat(part.id()).isNull();
        } else {
            assertThat(part.id()).isEqualTo(new ItemId(prefix + id.text(), id.spelling()));
        }
        assertThat(part.status()).isEqualTo(answer.status());
        assertThat(part.fields()).isEqualTo(answer.fields());
        assertThat(part.body()).isEqualTo(answer.hasBody() ? answer.body() : "");
    }

    /** The parts; those of a change set together. */
    private static List<List<Part>> read(EnvelopeWriter writer, byte[] written) throws Exception {
        MultipartInput input = new MultipartInput(new ByteArrayInputStream(written));
        List<List<Part>> parts = new ArrayList<>();
        input.enter(Boundary.of(writer.contentType()));
        assertThat(input.skipPreamble()).isEqualTo(MultipartInput.Preamble.NOTHING);
        while (isBeforePart(input, 0)) {
            input.nextLine();
            PartHead head = head(input);
            List<Part> together = new ArrayList<>();
            if (head.isMultipart()) {
                input.enter(Boundary.of(head.contentType()));
                assertThat(input.skipPreamble()).isEqualTo(MultipartInput.Preamble.NOTHING);
                while (isBeforePart(input, 1)) {
                    input.nextLine();
                    together.add(part(head(input), input));
                }
                assertThat(input.delimiter()).isEqualTo(new MultipartInput.Delimiter(1, true));
                input.nextLine();
                input.leave();
                input.skipContent();
            } else {
                together.add(part(head, input));
            }
            parts.add(together);
        }
        assertThat(input.delimiter()).isEqualTo(new MultipartInput.Delimiter(0, true));
        input.nextLine();
        assertThat(input.headLine()).as("something behind the end").isNull();
        return parts;
    }

    private static boolean isBeforePart(MultipartInput input, int depth) {
        return new MultipartInput.Delimiter(depth, false).equals(input.delimiter());
    }

    private static PartHead head(MultipartInput input) throws Exception {
        PartHead head = PartHead.read(input, new BatchBuilder(1));
        assertThat(head.fault()).isNull();
        return head;
    }

    private static Part part(PartHead head, MultipartInput input) throws Exception {
        head.checkIsHttp();
        String message = StandardCharsets.ISO_8859_1.decode(input.content()).toString();
        int headEnd = message.indexOf("\r\n\r\n");
        List<String> lines = message.substring(0, headEnd).lines().toList();
        assertThat(lines.get(0)).matches("HTTP/1\\.1 \\d{3} [ -~]*");
        List<String> fields = new ArrayList<>();
        int length = 0;
        for (int i = 1; i < lines.size(); i++) {
            int colon = lines.get(i).indexOf(':');
            String value = lines.get(i).substring(colon + 1).trim();
            if (lines.get(i).substring(0, colon).equals("Content-Length")) {
                length = Integer.parseInt(value);
            } else {
                fields.add(value);
            }
        }
        String rest = message.substring(headEnd + 4);
        assertThat(rest.substring(length)).as("behind the body").matches("[\r\n]*");
        return new Part(head.id(), Integer.parseInt(lines.get(0).substring(9, 12)), fields, rest.substring(0, length));
    }
}
