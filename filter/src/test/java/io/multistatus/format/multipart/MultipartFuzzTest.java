package io.multistatus.format.multipart;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.format.Dialect;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import io.multistatus.model.HttpSyntax;
import io.multistatus.support.Allocation;
import io.multistatus.support.BatchInvariants;
import io.multistatus.support.FuzzedInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever bytes come, they are a batch or a clear refusal, within bounds; so are those of a single part. How many are tried:
 * {@code jqwik.tries.default}.
 */
class MultipartFuzzTest {
    private static final int MAX_REQUESTS = 20;
    /** For buffers, and for classes that are loaded on the way. */
    private static final long BYTES_AT_LEAST = 2_000_000;
    /** A line of a head is taken apart, and may have no more than two characters. */
    private static final long BYTES_PER_BYTE = 256;

    private static final List<byte[]> CORPUS = bytes(
            """
            --b
            Content-Type: application/http
            Content-ID: <1>

            POST /carts?x=y HTTP/1.1
            Content-Type: application/json
            X-Folded: a
             b
            Content-Length: 5

            {"a"}
            --b
            Content-Type: multipart/mixed; boundary="c"

            preamble
            --c
            Content-Type: application/http
            Content-ID: 2

            PUT $1/lines

            body \u00e4\u0000
            --c

            get http://shop.example/ HTTP/1.0

            --c--
            epilogue
            --b
            Content-Transfer-Encoding: binary


            DELETE $2?a=b HTTP/1.1
            Content-ID: <3>


            --b--
            epilogue
            """.replace("\n", "\r\n"),
            "--b\n\nGET /\n--b\nContent-ID: <x>\n\nPURGE /x\nA:b\n\n\nbody\n\n--b--",
            "preamble\r\n--b\r\n\r\nPOST /\r\n\r\n" + "x\n-".repeat(8_000) + "\r\n--b--\r\n",
            "--b\r\nContent-Type: multipart/mixed; boundary=b2\r\n\r\n--b2\r\n\r\nGET /1\r\n--b2--\r\n--b\r\n\r\nGET /2\r\n--b--",
            "--b--\r\n");

    private static final List<byte[]> REQUESTS = bytes(
            "POST /carts HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nA: b\r\n c\r\n\r\nabc\r\n",
            "\r\n\nGET /x\n",
            "PURGE http://host/path?query  HTTP/1.1 \r\n\r\nx",
            "DELETE /\r\n\r\n\r\n\n",
            "PUT /\nContent-Length: 20000\n\n" + "y".repeat(20_000));

    private static final List<byte[]> WORDS = bytes(
            "--b\r\n",
            "--b--\r\n",
            "--c\n",
            "--c--\r\n",
            "\r\n--b",
            "--",
            "-",
            "\r\n",
            "\n",
            "\r",
            "\r\n\r\n",
            "\n\n",
            " ",
            "\t",
            ":",
            "\u0000",
            "\u007f",
            "\u00ff",
            "\u00ef\u00bb\u00bf",
            "GET /x\r\n",
            "POST /x HTTP/1.1\r\n",
            "TRACE / HTTP/1.1\r\n",
            " HTTP/1.1",
            "Content-Type: application/http\r\n",
            "Content-Type: multipart/mixed; boundary=c\r\n\r\n",
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n",
            "Content-Type: multipart/mixed\r\n\r\n",
            "Content-Type: multipart/mixed; boundary=\"" + "x".repeat(80) + "\"\r\n\r\n",
            "Content-Transfer-Encoding: base64\r\n",
            "Content-ID: <1>\r\n",
            "Content-ID: 1\r\n",
            "Content-ID: <>\r\n",
            "Content-ID: " + "i".repeat(200) + "\r\n",
            "Content-Length: 3\r\n",
            "Content-Length: 999999999999999999\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: 1, 1\r\n",
            "GET $1/x\r\n",
            "GET $" + "/".repeat(500) + "\r\n",
            "X-" + "n".repeat(9_000) + ": v\r\n",
            " folded\r\n",
            "a:b\n".repeat(3_000));

    /** What the reader has asked for beyond what it has read. */
    private long reserved;

    private static List<byte[]> bytes(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Provide
    Arbitrary<FuzzedInput> batches() {
        return Arbitraries.longs().map(seed -> FuzzedInput.of(seed, CORPUS, WORDS));
    }

    @Provide
    Arbitrary<FuzzedInput> requests() {
        return Arbitraries.longs().map(seed -> FuzzedInput.of(seed, REQUESTS, WORDS));
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void whateverComesIsABatchOrARefusal(@ForAll("batches") FuzzedInput input, @ForAll Dialect dialect)
            throws IOException {
        long most = BYTES_AT_LEAST + input.bytes().length * BYTES_PER_BYTE;
        reserved = 0;
        Optional<Batch> batch = Allocation.within(most, () -> read(dialect, input.atOnce()));
        long room = input.bytes().length + reserved;
        Optional<Batch> piecemeal = Allocation.within(most, () -> read(dialect, input.inChunks()));

        assertThat(piecemeal.map(BatchInvariants::text)).isEqualTo(batch.map(BatchInvariants::text));
        if (batch.isPresent()) {
            assertThat(batch.get().size()).isLessThanOrEqualTo(MAX_REQUESTS);
            BatchInvariants.check(batch.get(), room);
        }
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void aStreamThatFailsIsNoBatch(@ForAll("batches") FuzzedInput input) throws IOException {
        BatchInvariants.checkThatAStreamThatFailsIsNoBatch(input, body -> read(Dialect.NATIVE, body));
    }

    private boolean reserve(long bytes) {
        reserved += bytes;
        return true;
    }

    /** Empty if the batch is refused. */
    private Optional<Batch> read(Dialect dialect, InputStream body) throws IOException {
        try {
            return Optional.of(new MultipartBatchFormat()
                    .read(dialect, Multiparts.TYPE, body, new BatchBuilder(MAX_REQUESTS, this::reserve)));
        } catch (BatchException e) {
            assertThat(e.problem().status()).isIn(400, 413);
            assertThat(e.problem().detail()).isNotBlank().hasSizeLessThan(1000);
            return Optional.empty();
        }
    }

    /** As the reader of parts gives it: the line break of the delimiter may stand behind the limit. */
    @Property(shrinking = ShrinkingMode.OFF)
    void whateverIsInAPartIsARequestOrAFault(
            @ForAll("requests") FuzzedInput input, @ForAll @IntRange(max = 2) int lineBreak) {
        int length = input.bytes().length;
        ByteBuffer content = ByteBuffer.wrap(input.bytes(), 0, Math.max(0, length - lineBreak));
        try {
            HttpPart request = Allocation.within(
                    BYTES_AT_LEAST + length * BYTES_PER_BYTE, () -> HttpPart.parse(content, new BatchBuilder(1)));
            assertThat(HttpSyntax.isToken(request.method())).isTrue();
            assertThat(request.url()).isNotEmpty().doesNotContain(" ", "\n");
            request.headers().forEach((name, value) -> {
                assertThat(HttpSyntax.isToken(name)).isTrue();
                assertThat(name).isNotEqualToIgnoringCase("Content-Length");
                assertThat(HttpSyntax.isFieldValue(value)).isTrue();
            });
            ByteBuffer body = request.body();
            assertThat(body == null ? 0 : body.capacity()).isLessThanOrEqualTo(length);
        } catch (Exception e) {
            assertThat(e).isInstanceOf(MalformedPartException.class);
            assertThat(((MalformedPartException) e).problem().status()).isIn(400, 431);
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1000);
        }
    }
}
