package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.event.CapturedLog;
import io.multistatus.support.TestServer;
import jakarta.servlet.DispatcherType;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code dispatcher=forward}: where items may go, where they may not, and what is said of it. */
@Tag("container")
class ForwardAccessIT {
    private static final AtomicInteger SECRET_CALLS = new AtomicInteger();
    private static TestServer server;

    @TempDir
    static Path files;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.create(50, "/app")
                .batch(config -> config.dispatcher(DispatcherChoice.FORWARD)
                        .forwardAllow("/open/*", "*.txt", "/batch")
                        .deny("/open/closed/*"))
                .servlet("/open/echo/*", (request, response) -> {
                    response.setContentType("text/plain");
                    response.getWriter()
                            .print(request.getMethod() + " " + request.getRequestURI() + "?"
                                    + request.getQueryString());
                })
                .servlet("/open/closed/*", (request, response) -> SECRET_CALLS.incrementAndGet())
                .servlet("/secret/*", (request, response) -> SECRET_CALLS.incrementAndGet());
        Files.writeString(files.resolve("static.txt"), "a file");
        Files.writeString(Files.createDirectories(files.resolve("WEB-INF")).resolve("hidden.txt"), "a secret");
        for (ServletContextHandler context : server.jetty().getDescendants(ServletContextHandler.class)) {
            context.setBaseResource(ResourceFactory.root().newResource(files));
            context.addServlet(DefaultServlet.class, "/");
        }
        server.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void reset() {
        SECRET_CALLS.set(0);
    }

    private static HttpResponse<String> post(String items) throws Exception {
        HttpResponse<String> response = server.postTo("/app/batch?outer=query", items);
        assertThat(response.statusCode()).isEqualTo(207);
        return response;
    }

    private static String text(HttpResponse<String> response, String id) {
        return item(response, id).path("body").asText();
    }

    @Test
    void aFileIsServedWhereItsNameIsListed() throws Exception {
        HttpResponse<String> response = post(gets("/app/static.txt"));

        assertThat(statuses(response)).containsExactly(200);
        assertThat(text(response, "0")).isEqualTo("a file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app/secret/x",
                "/app/secret",
                "/app/open/../secret/x",
                "/app/open/%2e%2e/secret/x",
                "/app/open/..;/secret/x",
                "/app/open/..;a=b/secret/x",
                "/app/open/echo/../../secret/x",
                "/app/open%2f..%2fsecret/x",
                "/app/open/..%2fsecret/x",
                "/app/open/..%5csecret/x",
                "/app/open\\\\..\\\\secret/x",
                "/app/open/%252e%252e/../../secret/x",
                "/app/open//../secret/x",
                "/app//secret/x",
                "/app/%73ecret/x",
                "/app/./secret;x=.txt",
                "/app/secret/x?/open/",
                "/app/secret%3F.txt/x",
                "/app/secret/%00.txt",
                "/app/open/%zz",
                "/app/open/%c0%ae%c0%ae/secret/x",
                "/app/OPEN/../secret/x",
                "/app/Open/echo",
                "/app/WEB-INF/hidden.txt",
                "/app/web-inf/hidden.txt",
                "/app/open/../WEB-INF/hidden.txt",
                "/app/%57EB-INF/hidden.txt",
                "/app/META-INF/hidden.txt",
                "/app/open/closed/x",
                "/app/open/%63losed/x",
                "/other/open/echo",
                "/app/../other/open/echo",
                "/appx/open/echo",
                "/app",
                "/",
                "secret/x",
                "open/../secret/x"
            })
    void whatIsNotListedIs403InEverySpellingAndIsNotReached(String url) throws Exception {
        HttpResponse<String> response = post(gets(url, "/app/open/echo"));

        assertThat(statuses(response)).containsExactly(403, 200);
        assertThat(item(response, "0").path("body").path("type").asText())
                .isEqualTo("urn:multistatus:forbidden-target");
        assertThat(item(response, "0").path("refused").asBoolean()).isTrue();
        assertThat(item(response, "1").has("refused")).isFalse();
        assertThat(response.body()).doesNotContain("a secret");
        assertThat(SECRET_CALLS).hasValue(0);
    }

    /** Nobody comes after the decision: what was judged is what the container gets to see. */
    @ParameterizedTest
    @CsvSource({
        "/app/open/./echo/a, /app/open/echo/a",
        "/app/open/x/../echo/a, /app/open/echo/a",
        "/app/o%70en//echo;x/a;y, /app/open/echo/a",
        "/app/open/echo/%3Bx%3Fy%23z, /app/open/echo/%3Bx%3Fy%23z",
        "/app/open/echo/%25%32%65, /app/open/echo/%252e",
        "/app/open/echo/%C3%A9, /app/open/echo/%C3%A9"
    })
    void thePathThatIsForwardedToIsTheOneThatWasJudged(String url, String uri) throws Exception {
        HttpResponse<String> response = post(gets(url));

        assertThat(statuses(response)).containsExactly(200);
        assertThat(text(response, "0")).startsWith("GET " + uri + "?null");
    }

    @Test
    void aBatchInABatchIsRefused() throws Exception {
        HttpResponse<String> response = post(batch(
                "{\"id\":\"a\",\"method\":\"POST\",\"url\":\"/app/batch\",\"body\":" + gets("/app/open/echo") + "}",
                "{\"id\":\"b\",\"method\":\"POST\",\"url\":\"/app/open/../b%61tch\",\"body\":{}}"));

        assertThat(statuses(response)).containsExactly(400, 400);
        assertThat(item(response, "b").path("body").path("type").asText()).isEqualTo("urn:multistatus:nested-batch");
    }

    /** Why its paths have to be listed. */
    @Test
    void itPassesByTheFiltersBehindTheBatchFilter() throws Exception {
        AtomicInteger filtered = new AtomicInteger();
        try (TestServer guarded = TestServer.create()
                .batch(config -> config.dispatcher(DispatcherChoice.FORWARD).forwardAllow("/*"))
                .filter(
                        (request, response, chain) -> {
                            assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.REQUEST);
                            filtered.incrementAndGet();
                            chain.doFilter(request, response);
                        },
                        true)
                .json("/ok", 200, "{}")
                .start()) {
            assertThat(statuses(guarded.post(gets("/ok", "/ok")))).containsExactly(200, 200);
            assertThat(filtered).hasValue(0);
        }
    }

    @Test
    void startUpSaysOnceWhatIsSkipped() throws Exception {
        try (CapturedLog log = new CapturedLog();
                TestServer warned = TestServer.create()
                        .batch(config ->
                                config.dispatcher(DispatcherChoice.FORWARD).forwardAllow("/a/*", "*.b"))
                        .json("/a/ok", 200, "{}")
                        .start()) {
            assertThat(statuses(warned.post(gets("/a/ok", "/a/ok")))).containsExactly(200, 200);
            assertThat(log.lines(BatchFilter.class.getName()))
                    .singleElement()
                    .asString()
                    .contains("WARN")
                    .contains("dispatcher=forward")
                    .contains("[/a/*, *.b]")
                    .contains("security constraints")
                    .contains("filters mapped for REQUEST");
        }
    }
}
