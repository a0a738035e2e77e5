package io.multistatus.security;

import static io.multistatus.security.Items.answers;
import static io.multistatus.security.Items.get;
import static io.multistatus.security.Items.header;
import static io.multistatus.security.Items.item;
import static io.multistatus.security.Items.only;
import static io.multistatus.security.Items.post;
import static io.multistatus.security.Items.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.support.Envelopes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An item that frames itself, so that what follows is another request that nobody has checked (CWE-444, CWE-113). */
@Tag("container")
@Tag("equivalence")
@ExtendWith(VictimHost.class)
class RequestSmugglingIT {
    private static final String HIDDEN = "GET /app/closed/x HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n";

    private final Victim victim;

    RequestSmugglingIT(Victim victim) {
        this.victim = victim;
    }

    private static List<String> items() {
        String body = ",\"body\":\"0\\r\\n\\r\\n" + HIDDEN + "\",\"bodyEncoding\":\"text\"";
        return List.of(
                get("x", "/app/open/a HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n" + HIDDEN),
                get("x", "/app/open/a\\r\\n\\r\\n" + HIDDEN),
                get("x", "/app/open/a\\n\\n" + HIDDEN),
                get("x", "/app/open/a\\u010a\\u010d" + HIDDEN),
                get("x", "/app/open/a\\u0000"),
                item("x", "GET /app/closed/x HTTP/1.1\\r\\nA:", "/app/open/a"),
                item("x", "G\\u0000T", "/app/open/a"),
                item("x", "PRI", "*"),
                get("x", "/app/open/a", header("X-A", "b\\r\\n\\r\\n" + HIDDEN)),
                get("x", "/app/open/a", header("X-A", "b\\n" + HIDDEN)),
                get("x", "/app/open/a", header("X-A", "b\\r" + HIDDEN)),
                get("x", "/app/open/a", header("X-A", "b\\u010d\\u010a" + HIDDEN)),
                get("x", "/app/open/a", header("X-A: b\\r\\n\\r\\n" + HIDDEN, "c")),
                get("x", "/app/open/a", header("", "c")),
                get("x", "/app/open/a", header(":path", "/app/closed/x")),
                post("x", "/app/open/a", header("Content-Length", "3"), body),
                post("x", "/app/open/a", header("content-length", "0"), body),
                post("x", "/app/open/a", ",\"headers\":{\"Content-Length\":[\"3\",\"5\"]}", body),
                post("x", "/app/open/a", header("Transfer-Encoding", "chunked"), body),
                post("x", "/app/open/a", header("transfer-encoding", "identity, chunked"), body),
                post("x", "/app/open/a", header("Transfer-Encoding ", "chunked"), body),
                post("x", "/app/open/a", header("Expect", "100-continue"), body),
                post("x", "/app/open/a", header("Connection", "Content-Length"), body),
                post("x", "/app/open/a", header("Upgrade", "h2c"), body),
                post("x", "/app/open/a", header("Trailer", "X-Forwarded-For"), body),
                post("x", "/app/open/a", header("Host", "evil.example"), body));
    }

    @Test
    void anItemFramesNothing() throws IOException {
        for (String item : items()) {
            victim.reset();

            Map<String, JsonNode> answers =
                    answers(victim.batch(Envelopes.batch(get("1", "/app/open/1"), item, get("2", "/app/open/2"))));

            assertThat(status(answers.get("x"))).as(item).isGreaterThanOrEqualTo(400);
            assertThat(status(answers.get("1"))).isEqualTo(200);
            assertThat(status(answers.get("2"))).isEqualTo(200);
            assertThat(victim.reached())
                    .as(item)
                    .containsExactlyInAnyOrder("open: GET /app/open/1", "open: GET /app/open/2");
        }
    }

    /** A body is a body, whatever it looks like and whatever method it has. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "DELETE", "OPTIONS", "X-ANY"})
    void aBodyIsNoRequest(String method) throws IOException {
        String body = ",\"bodyEncoding\":\"text\",\"body\":\"0\\r\\n\\r\\n" + HIDDEN + "\"";

        Map<String, JsonNode> answers =
                answers(victim.batch(Envelopes.batch(item("a", method, "/app/open/a", body), get("b", "/app/open/b"))));

        assertThat(status(answers.get("b"))).isEqualTo(200);
        assertThat(victim.reached())
                .containsExactlyInAnyOrder("open: " + method + " /app/open/a", "open: GET /app/open/b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3",
                "Content-Length: 0",
                "Content-Length: 99999",
                "Content-Length: -1",
                "Content-Length: +3",
                "Content-Length: 3, 3",
                "Content-Length: 0x3",
                "Content-Length: 3\r\nContent-Length: 60",
                "Transfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 3"
            })
    void aPartFramesNothing(String framing) throws IOException {
        String part = """
                --b
                Content-Type: application/http
                Content-ID: a

                POST /app/open/a HTTP/1.1
                %s

                0

                GET /app/closed/x HTTP/1.1
                Host: x

                --b--
                """.formatted(framing).replace("\r\n", "\n").replace("\n", "\r\n");

        JsonNode answer = only(victim.send(
                "POST",
                "/app/batch",
                part,
                "Content-Type",
                "multipart/mixed; boundary=b",
                "Accept",
                "application/x-ndjson"));

        assertThat(status(answer)).isEqualTo(400);
        assertThat(victim.reached()).isEmpty();
    }

    /** The outer connection is in step afterwards: the next request on it gets the next answer, and there is no third. */
    @Test
    void theConnectionStaysInStep() throws IOException {
        String batch = Envelopes.batch(
                post("a", "/app/open/a", header("Content-Length", "3"), ",\"body\":\"" + HIDDEN + "\""),
                post("b", "/app/open/b", header("Content-Type", "text/plain"), ",\"body\":\"" + HIDDEN + "\""),
                get("c", "/app/open/c?to=" + "x%0d%0aContent-Length:%200%0d%0a%0d%0aHTTP/1.1%20200%20Smuggled"));
        String requests = """
                POST /app/batch HTTP/1.1
                Host: 127.0.0.1
                Content-Type: application/json
                Content-Length: %d

                %sGET /app/open/next HTTP/1.1
                Host: 127.0.0.1
                Connection: close

                """.replace("\n", "\r\n").formatted(batch.length(), batch);

        String answers;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), victim.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
            answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }

        List<String> statusLines =
                answers.lines().filter(line -> line.startsWith("HTTP/")).toList();
        assertThat(statusLines).as(answers).hasSize(2);
        assertThat(statusLines.get(0)).contains(" 207");
        assertThat(statusLines.get(1)).contains(" 200");
        assertThat(victim.reached("closed")).isEmpty();
        assertThat(victim.reached("open")).contains("open: GET /app/open/next");
    }

    /** Compressed, a megabyte of spaces would be a kilobyte (CWE-409); nothing is unpacked. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd", "identity, gzip"})
    void aCompressedBatchIsNotUnpacked(String encoding) throws IOException {
        HttpAnswer answer = victim.batch(Envelopes.batch(get("a", "/app/open/a")), "Content-Encoding", encoding);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(victim.reached()).isEmpty();
    }
}
