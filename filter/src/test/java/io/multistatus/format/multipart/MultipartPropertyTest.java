package io.multistatus.format.multipart;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Batch;
import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever comes, it is a batch or a clear refusal; and what was written is what is read. */
class MultipartPropertyTest {

    private record Request(String method, String url, String header, String body, boolean group) {}

    /** Texts that mean something to the reader, in any order, with others between them. */
    @Provide
    Arbitrary<String> scrambled() {
        Arbitrary<String> words = Arbitraries.of(
                "--b",
                "--b--",
                "--c",
                "--c--",
                "--",
                "\r\n",
                "\n",
                "\r",
                " ",
                ":",
                "\t",
                "GET /x",
                "POST /x HTTP/1.1",
                "Content-Type: application/http",
                "Content-Type: multipart/mixed; boundary=c",
                "Content-Type: multipart/mixed; boundary=b",
                "Content-ID: <1>",
                "Content-Length: 3",
                "GET $1/x\r\n",
                "$1",
                "\u0000",
                "\u00ff");
        Arbitrary<String> lines = Arbitraries.frequencyOf(
                Tuple.of(6, words.map(word -> word + "\r\n")),
                Tuple.of(2, words),
                Tuple.of(1, Arbitraries.strings().all().ofMaxLength(5)));
        return lines.list().ofMaxSize(40).map(list -> "--b\r\n" + String.join("", list));
    }

    @Property(tries = 3000)
    void whateverComesIsABatchOrARefusal(@ForAll("scrambled") String text, @ForAll Random chance) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.ISO_8859_1);
        String atOnce = outcome(new ByteArrayInputStream(body));
        String piecemeal = outcome(new Piecemeal(body, chance));
        assertThat(piecemeal).isEqualTo(atOnce);
    }

    @Property(tries = 1000)
    void bytesAreABatchOrARefusal(@ForAll byte[] body) throws IOException {
        assertThat(outcome(new ByteArrayInputStream(body))).contains("no line of the body is the delimiter");
    }

    private static String outcome(InputStream body) throws IOException {
        try {
            return Multiparts.read(Multiparts.TYPE, body).items().stream()
                    .map(MultipartPropertyTest::text)
                    .collect(Collectors.joining("\n"));
        } catch (BatchException e) {
            assertThat(e.problem().status()).isIn(400, 413);
            return e.problem().detail();
        }
    }

    private static String text(Subrequest item) {
        Problem fault = item.fault();
        if (fault != null) {
            assertThat(fault.status()).isIn(400, 424, 431);
        }
        return item + " " + Multiparts.body(item);
    }

    @Provide
    Arbitrary<List<Request>> requests() {
        return Combinators.combine(
                        Arbitraries.of("GET", "POST", "PUT", "PURGE"),
                        Arbitraries.strings()
                                .withCharRange('!', '~')
                                .ofMinLength(1)
                                .ofMaxLength(20),
                        Arbitraries.strings()
                                .withCharRange('!', '~')
                                .withCharRange('\u00a1', '\u00ff')
                                .ofMaxLength(20),
                        Arbitraries.strings().withCharRange('\u0000', '\u00ff').ofMaxLength(100),
                        Arbitraries.of(false, true))
                .as(Request::new)
                .list()
                .ofMaxSize(8);
    }

    @Property(tries = 1000)
    void whatIsWrittenIsRead(
            @ForAll("requests") List<Request> requests,
            @ForAll boolean lineFeeds,
            @ForAll boolean lengths,
            @ForAll Random chance)
            throws Exception {
        byte[] written = write(requests, lineFeeds ? "\n" : "\r\n", lengths);
        Batch batch = Multiparts.read("multipart/mixed; boundary=\"a 1\"", new Piecemeal(written, chance));

        assertThat(batch.size()).isEqualTo(requests.size());
        for (int i = 0; i < requests.size(); i++) {
            Request request = requests.get(i);
            Subrequest item = batch.items().get(i);
            assertThat(item.fault()).isNull();
            assertThat(item.index()).isEqualTo(i);
            assertThat(item.method()).isEqualTo(request.method());
            assertThat(item.url()).isEqualTo(request.url());
            assertThat(item.headers().first("X-Any")).hasValue(request.header());
            assertThat(item.atomicityGroup() != null).isEqualTo(request.group());
            if (i > 0 && request.group()) {
                assertThat(Objects.equals(
                                item.atomicityGroup(), batch.items().get(i - 1).atomicityGroup()))
                        .isEqualTo(requests.get(i - 1).group());
            }
            if (lengths || !isAmbiguous(request, lineFeeds)) {
                assertThat(Objects.requireNonNullElse(Multiparts.body(item), ""))
                        .isEqualTo(request.body());
            }
        }
    }

    /** Without a length line breaks may belong to the body or not. */
    private static boolean isAmbiguous(Request request, boolean lineFeeds) {
        String body = request.body();
        return (lineFeeds && body.endsWith("\r"))
                || (request.method().equals("GET") && body.chars().allMatch(c -> c == '\r' || c == '\n'));
    }

    /** Neighbours that are in a group are in the same one. */
    private static byte[] write(List<Request> requests, String lineBreak, boolean lengths) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean inGroup = false;
        for (Request request : requests) {
            if (inGroup && !request.group()) {
                line(out, lineBreak, "--inner--");
            }
            if (!inGroup || !request.group()) {
                line(out, lineBreak, "--a 1");
            }
            if (!inGroup && request.group()) {
                line(out, lineBreak, "Content-Type: multipart/mixed; boundary=inner", "");
            }
            if (request.group()) {
                line(out, lineBreak, "--inner");
            }
            inGroup = request.group();
            line(
                    out,
                    lineBreak,
                    "Content-Type: application/http",
                    "",
                    request.method() + " " + request.url() + " HTTP/1.1");
            line(out, lineBreak, "X-Any: " + request.header());
            if (lengths) {
                line(out, lineBreak, "Content-Length: " + request.body().length());
            }
            line(out, lineBreak, "");
            out.writeBytes(request.body().getBytes(StandardCharsets.ISO_8859_1));
            line(out, lineBreak, "");
        }
        if (inGroup) {
            line(out, lineBreak, "--inner--");
        }
        line(out, lineBreak, "--a 1--");
        return out.toByteArray();
    }

    private static void line(ByteArrayOutputStream out, String lineBreak, String... lines) {
        for (String line : lines) {
            out.writeBytes((line + lineBreak).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Hands out a few bytes at once. */
    private static final class Piecemeal extends ByteArrayInputStream {
        private final Random chance;

        Piecemeal(byte[] bytes, Random chance) {
            super(bytes);
            this.chance = chance;
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 1 + chance.nextInt(9)));
        }
    }
}
