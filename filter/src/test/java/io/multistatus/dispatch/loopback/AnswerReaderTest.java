package io.multistatus.dispatch.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.WireRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
    private final StringBuilder seen = new StringBuilder();

    private final ResponseSink sink = new ResponseSink() {
        @Override
        public void head(int status, Headers headers) {
            seen.append(status);
            headers.forEach(
                    (name, value) -> seen.append(' ').append(name).append('=').append(value));
            seen.append(" [");
        }

        @Override
        public void data(ByteBuffer bytes) {
            seen.append(StandardCharsets.ISO_8859_1.decode(bytes.duplicate()));
        }

        @Override
        public void complete() {
            throw new AssertionError("not the reader's business");
        }

        @Override
        public void instead(Problem problem) {
            throw new AssertionError("not the reader's business");
        }

        @Override
        public void aborted(Throwable cause) {
            throw new AssertionError("not the reader's business");
        }
    };

    private void read(String answer, boolean toHead) throws IOException {
        byte[] bytes = answer.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        new AnswerReader(new ByteArrayInputStream(bytes), toHead, sink).read();
    }

    @Test
    void aBodyIsAsLongAsItsHeaderSays() throws IOException {
        read("""
                HTTP/1.1 200 OK
                content-length: 4
                X-A:  caf\u00e9\t
                X-A:

                bodyHTTP/1.1 500 of another request""", false);
        assertThat(seen).hasToString("200 content-length=4 X-A=caf\u00e9 X-A= [body");
    }

    @Test
    void chunksArePutTogetherAndTheirTrailerDropped() throws IOException {
        read("""
                HTTP/1.1 200
                Transfer-Encoding: Chunked

                4;ext=1
                body
                00A
                0123456789
                0
                X-Trailer: 1

                """, false);
        assertThat(seen).hasToString("200 Transfer-Encoding=Chunked [body0123456789");
    }

    @Test
    void interimAnswersAreNone() throws IOException {
        read("""
                HTTP/1.1 100 Continue

                HTTP/1.1 103 Early Hints
                Link: x

                HTTP/1.1 204 No Content

                """, false);
        assertThat(seen).hasToString("204 [");
    }

    @Test
    void theAnswerToHeadHasNoBodyWhateverItSays() throws IOException {
        read("HTTP/1.1 200 OK\nContent-Length: 10\n\n", true);
        read("HTTP/1.1 304 Not Modified\nContent-Length: 10\n\n", false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nConnection: Close\nContent-Length: 1\n\nx",
                "HTTP/1.0 200 OK\nContent-Length: 1\n\nx",
                "HTTP/1.1 200 OK\n\nx"
            })
    void aConnectionThatIsNotKeptCarriesNothingMore(String answer) throws IOException {
        read(answer, false);
        assertThat(seen.toString()).endsWith("[x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\nContent-Le",
                "HTTP/1.1 200 OK\nContent-Length: 5\n\nbody",
                "HTTP/1.1 200 OK\nContent-Length: 5, 5\n\nbodyx",
                "HTTP/1.1 200 OK\nContent-Length: -1\n\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n0\n\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nbody",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n4\nbodyx\n0\n\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n-4\nbody\n0\n\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n",
                "HTTP/1.1 200 OK\nno field\n\n",
                "HTTP/1.1 101 Switching Protocols\nUpgrade: x\n\n",
                "HTTP/2 200\n\n",
                "SSH-2.0-OpenSSH\n"
            })
    void whatIsCutOffOrNoAnswerIsABrokenConnection(String answer) {
        assertThatIOException().isThrownBy(() -> read(answer, false));
    }

    @Test
    void whatWouldReadAsAnotherRequestIsNotWritten() {
        WireRequest fine = new WireRequest("GET", "/a|b?%zz", Headers.of("X-A", "caf\u00e9 \t"), null);
        assertThat(RequestBytes.head(fine, fine.headers()))
                .asString(StandardCharsets.ISO_8859_1)
                .isEqualTo("GET /a|b?%zz HTTP/1.1\r\nX-A: caf\u00e9 \t\r\n\r\n");
        for (WireRequest odd : new WireRequest[] {
            new WireRequest("GET", "/a b", Headers.empty(), null),
            new WireRequest("GET", "/a\r\nX: y", Headers.empty(), null),
            new WireRequest("GET", "http://elsewhere/", Headers.empty(), null),
            new WireRequest("G T", "/", Headers.empty(), null),
            new WireRequest("GET", "/", Headers.of("X", "a\r\nY: b"), null),
            new WireRequest("GET", "/", Headers.of("X", "a\u0000"), null),
            new WireRequest("GET", "/", Headers.of("X", "\u20ac"), null),
            new WireRequest("GET", "/", Headers.of("X Y", "a"), null),
            new WireRequest("GET", "/", Headers.of("", "a"), null)
        }) {
            assertThatThrownBy(() -> RequestBytes.head(odd, odd.headers()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
