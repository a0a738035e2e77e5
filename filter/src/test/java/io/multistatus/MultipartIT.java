package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Batches as multipart/mixed, there and back. */
@Tag("container")
class MultipartIT {
    private static final String TYPE = "multipart/mixed; boundary=\"b 1\"";

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.create()
                .batch()
                .servlet("/echo/*", (request, response) -> {
                    byte[] body = request.getInputStream().readAllBytes();
                    seen.add(request.getMethod() + " " + request.getPathInfo() + " " + request.getHeader("Host") + " "
                            + request.getContentLength() + " " + request.getHeader("Accept-Encoding"));
                    response.setContentType("application/octet-stream");
                    response.setHeader("Location", request.getRequestURI() + "/1");
                    response.setHeader("Set-Cookie", "a=b");
                    response.getOutputStream().write(body);
                })
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private HttpResponse<String> post(String... lines) throws Exception {
        return server.post(
                String.join("\r\n", lines), "Content-Type", TYPE, "Accept", "application/json, text/plain, */*");
    }

    /** The contents of the parts, after what the writer's own test looks at. */
    private static List<String> messages(HttpResponse<String> response) {
        String type = response.headers().firstValue("Content-Type").orElseThrow();
        Matcher boundary = Pattern.compile("multipart/mixed; boundary=(\\S+)").matcher(type);
        assertThat(boundary.matches()).as(type).isTrue();
        String delimiter = "--" + boundary.group(1);
        assertThat(response.body()).startsWith(delimiter + "\r\n").endsWith("\r\n" + delimiter + "--\r\n");
        List<String> messages = new ArrayList<>();
        int begin = delimiter.length() + 2;
        for (int end = response.body().indexOf(delimiter, begin); end >= 0; ) {
            String part = response.body().substring(begin, end);
            messages.add(part.substring(part.indexOf("\r\n\r\n") + 4));
            begin = end + delimiter.length() + 2;
            end = response.body().indexOf(delimiter, begin);
        }
        return messages;
    }

    @Test
    void eachPartIsAnsweredByAPart() throws Exception {
        HttpResponse<String> response = post(
                "--b 1",
                "Content-Type: application/http",
                "Content-ID: <a>",
                "",
                "POST /echo/1 HTTP/1.1",
                "Host: 127.0.0.1:" + server.port(),
                "Content-Length: 4",
                "Accept-Encoding: gzip",
                "",
                "body",
                "--b 1",
                "Content-Type: application/http",
                "",
                "GET " + server.uri("/nowhere") + " HTTP/1.1",
                "",
                "",
                "--b 1--");

        assertThat(response.statusCode()).isEqualTo(207);
        assertThat(response.headers().firstValue("Batch-Summary")).hasValue("total=2, succeeded=1, failed=1");
        assertThat(response.headers().allValues("Set-Cookie")).containsExactly("a=b");
        List<String> messages = messages(response);
        assertThat(messages.get(0))
                .isEqualTo(String.join(
                        "\r\n",
                        "HTTP/1.1 200 OK",
                        "Content-Type: application/octet-stream",
                        "Location: /echo/1/1",
                        "Content-Length: 4",
                        "",
                        "body",
                        ""));
        assertThat(messages.get(1)).startsWith("HTTP/1.1 404 Not Found\r\n");
        assertThat(response.body()).contains("Content-ID: <response-a>\r\n");
        assertThat(seen).containsExactly("POST /1 127.0.0.1:" + server.port() + " 4 null");
    }

    @Test
    void partsRunInOrderAlsoWhereOneRefersToAnother() throws Exception {
        HttpResponse<String> response = post(
                "--b 1",
                "Content-ID: 1",
                "",
                "PUT /echo/x",
                "",
                "--b 1",
                "",
                "DELETE /echo/y",
                "",
                "--b 1",
                "",
                "GET $1/z",
                "",
                "--b 1",
                "",
                "PUT /echo/w",
                "",
                "--b 1--");

        assertThat(response.statusCode()).isEqualTo(207);
        assertThat(seen)
                .extracting(line -> line.substring(0, line.indexOf(" 127")))
                .containsExactly("PUT /x", "DELETE /y", "GET /x/1/z", "PUT /w");
        assertThat(response.headers().firstValue("Preference-Applied")).isEmpty();
    }

    @Test
    void whatLooksLikeAnExpressionIsText() throws Exception {
        List<String> messages = messages(post(
                "--b 1",
                "Content-ID: 1",
                "",
                "PUT /echo/x",
                "",
                "secret",
                "--b 1",
                "",
                "PUT $1/y",
                "Content-Type: application/json",
                "",
                "{\"text\":\"{$1.body}\"}",
                "--b 1--"));
        assertThat(messages.get(1)).endsWith("\r\n\r\n{\"text\":\"{$1.body}\"}\r\n");
    }

    @Test
    void anItemDoesNotRunIfItRefersToOneThatHasNotRunBeforeIt() throws Exception {
        List<String> messages = messages(post(
                "--b 1",
                "Content-Type: multipart/mixed; boundary=c",
                "",
                "--c",
                "Content-ID: 1",
                "",
                "PUT /echo/lost",
                "",
                "--b 1",
                "",
                "PUT $1/x",
                "",
                "--b 1",
                "",
                "PUT $2/x",
                "",
                "--b 1",
                "Content-ID: 2",
                "",
                "PUT /echo/z",
                "",
                "--b 1--"));
        assertThat(messages)
                .extracting(message -> message.substring(9, 12))
                .containsExactly("400", "424", "400", "200");
        assertThat(seen).hasSize(1);
    }

    @Test
    void aForgedHostIsThatItemsFault() throws Exception {
        List<String> messages = messages(post("--b 1", "", "GET /echo/x", "Host: evil.example", "", "--b 1--"));
        assertThat(messages.get(0)).startsWith("HTTP/1.1 400 Bad Request").contains("urn:multistatus:forbidden-header");
        assertThat(seen).isEmpty();
    }

    @Test
    void aBatchThatIsBrokenIsOneProblemAndNothingRuns() throws Exception {
        HttpResponse<String> response = post("--b 1", "", "PUT /echo/x", "", "--b 2--");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(Envelopes.of(response).path("detail").asText())
                .isEqualTo(
                        "The batch is malformed: the body ends without the closing delimiter '--b 1--', after 1 requests");
        assertThat(seen).isEmpty();
    }

    @Test
    void aChangeSetOfSeveralNeedsATransaction() throws Exception {
        List<String> messages = messages(post(
                "--b 1",
                "Content-Type: multipart/mixed; boundary=c",
                "",
                "--c",
                "",
                "PUT /echo/x",
                "",
                "--c",
                "",
                "PUT /echo/y",
                "",
                "--c--",
                "--b 1",
                "Content-Type: multipart/mixed; boundary=d",
                "",
                "--d",
                "",
                "PUT /echo/z",
                "",
                "--d--",
                "--b 1--"));
        assertThat(messages).hasSize(3);
        assertThat(messages.subList(0, 2)).allMatch(message -> message.startsWith("HTTP/1.1 501 "));
        assertThat(messages.get(2)).startsWith("HTTP/1.1 200 ");
    }
}
