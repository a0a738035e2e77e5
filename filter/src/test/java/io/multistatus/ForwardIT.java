package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import jakarta.servlet.ServletException;
import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code dispatcher=forward}: what an item sees, what becomes of its answer, and that the batch survives it. */
@Tag("container")
class ForwardIT {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.create(50, "/app")
                .batch(config -> config.dispatcher(DispatcherChoice.FORWARD).forwardAllow("/open/*"))
                .filter(
                        (request, response, chain) -> {
                            ((HttpServletRequest) request).getSession();
                            chain.doFilter(request, response);
                        },
                        true)
                .servlet("/open/echo/*", (request, response) -> {
                    response.setContentType("text/plain;charset=UTF-8");
                    echo(request, response.getWriter());
                })
                .servlet("/open/mirror", (request, response) -> {
                    response.setContentType(request.getContentType());
                    request.getInputStream().transferTo(response.getOutputStream());
                })
                .servlet("/open/reader", (request, response) -> {
                    response.setContentType("text/plain;charset=UTF-8");
                    response.getWriter().print(request.getReader().readLine());
                })
                .servlet("/open/error", (request, response) -> {
                    response.getWriter().print("taken back");
                    response.sendError(418, "short and stout");
                    response.getWriter().print("too late");
                })
                .servlet("/open/throws", ForwardIT::failing)
                .servlet("/open/unavailable", (request, response) -> {
                    throw new UnavailableException("as planned", 5);
                })
                .servlet("/open/redirect", (request, response) -> response.sendRedirect("next?x"))
                .servlet("/open/headers", (request, response) -> {
                    Cookie cookie = new Cookie("c", "v");
                    cookie.setHttpOnly(true);
                    cookie.setPath("/app");
                    cookie.setAttribute("SameSite", "Strict");
                    response.addCookie(cookie);
                    response.addHeader("X-Twice", "a");
                    response.addHeader("X-Twice", "b\r\nX-In: jected");
                    response.setStatus(202);
                })
                .servlet("/open/reset", (request, response) -> {
                    response.addHeader("X-Old", "1");
                    response.getWriter().print("old");
                    response.reset();
                    response.setContentType("text/plain");
                    response.getOutputStream().print("new");
                })
                .servlet("/open/large", (request, response) -> {
                    response.setContentType("text/plain");
                    PrintWriter out = response.getWriter();
                    for (int i = 0; i < 100_000; i++) {
                        out.print("0123456789");
                    }
                })
                .servlet("/open/attribute", (request, response) -> {
                    response.setContentType("text/plain");
                    response.getWriter().print(request.getAttribute("left") + ", " + request.getAttribute("outer"));
                    request.setAttribute("left", "behind");
                    request.removeAttribute("outer");
                })
                .servlet("/open/session", (request, response) -> {
                    response.setContentType("text/plain");
                    Object before = request.getSession().getAttribute("count");
                    request.getSession().setAttribute("count", before == null ? 1 : (Integer) before + 1);
                    response.getWriter().print(before);
                })
                .servlet("/open/async", (request, response) -> request.startAsync())
                .servlet(
                        "/open/nested",
                        (request, response) -> request.getServletContext()
                                .getRequestDispatcher("/open/echo/deeper")
                                .forward(request, response))
                .servlet("/open/field-names", (request, response) -> {
                    for (String name :
                            List.of("", " ", "X Space", "X-Colon:", "X-Feed\n", "X-\u00dcmlaut", "X-(Comment)")) {
                        response.setHeader(name, "set");
                        response.addHeader(name, "added");
                    }
                    response.setHeader("X-!#$%&'*+.^_`|~1", "a token");
                })
                .servlet("/open/status", (request, response) -> {
                    response.setStatus(Integer.parseInt(request.getParameter("code")));
                    response.getWriter().print("with a body");
                    if (request.getParameter("flush") != null) {
                        response.flushBuffer();
                    }
                })
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static void echo(HttpServletRequest request, PrintWriter out) {
        out.println(request.getMethod() + " " + request.getRequestURI() + "?" + request.getQueryString());
        out.println("url " + request.getRequestURL());
        out.println("servlet path " + request.getServletPath() + ", path info " + request.getPathInfo());
        out.println("type " + request.getDispatcherType());
        out.println("X-Own " + Collections.list(request.getHeaders("X-Own")));
        out.println("X-Outer " + request.getHeader("x-outer"));
        out.println("locale " + request.getLocale());
        out.println("length " + request.getContentLength());
        for (Map.Entry<String, String[]> parameter : new TreeMap<>(request.getParameterMap()).entrySet()) {
            out.println("parameter " + parameter.getKey() + " " + String.join("|", parameter.getValue()));
        }
    }

    private static void failing(HttpServletRequest request, jakarta.servlet.http.HttpServletResponse response)
            throws Exception {
        response.setHeader("X-Gone", "1");
        response.getWriter().print("gone");
        switch (String.valueOf(request.getParameter("what"))) {
            case "late" -> {
                response.flushBuffer();
                throw new IllegalStateException("as planned, late");
            }
            case "servlet" -> throw new ServletException("as planned");
            case "io" -> throw new IOException("as planned");
            case "error" -> throw new StackOverflowError("as planned");
            default -> throw new IllegalStateException("as planned");
        }
    }

    private static HttpResponse<String> post(String items, String... headers) throws Exception {
        HttpResponse<String> response = server.postTo("/app/batch?outer=query", items, headers);
        assertThat(response.statusCode()).isEqualTo(207);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        return response;
    }

    private static String text(HttpResponse<String> response, String id) {
        return item(response, id).path("body").asText();
    }

    @Test
    void anItemSeesItselfAndNotTheBatch() throws Exception {
        HttpResponse<String> response = post(
                batch("{\"id\":\"a\",\"method\":\"PUT\",\"url\":\"/app/open/echo/x%20y;z=1?a=1&b=%C3%A9&a=2\","
                        + "\"headers\":{\"X-Own\":[\"1\",\"2\"],\"Accept-Language\":\"de-CH, fr;q=0.5\"},"
                        + "\"body\":{\"n\":1}}"),
                "X-Outer",
                "inherited");

        assertThat(statuses(response)).containsExactly(200);
        assertThat(text(response, "a").replace("\r", "")).isEqualTo("""
                PUT /app/open/echo/x%20y?a=1&b=%C3%A9&a=2
                url http://127.0.0.1:PORT/app/open/echo/x%20y
                servlet path /open/echo, path info /x y
                type FORWARD
                X-Own [1, 2]
                X-Outer inherited
                locale de_CH
                length 7
                parameter a 1|2
                parameter b \u00e9
                """.replace("PORT", String.valueOf(server.port())));
    }

    @Test
    void parametersComeFromTheQueryAndTheFormOfTheItem() throws Exception {
        HttpResponse<String> response = post(batch(
                "{\"id\":\"a\",\"method\":\"POST\",\"url\":\"/app/open/echo?a=query\",\"headers\":"
                        + "{\"Content-Type\":\"application/x-www-form-urlencoded\"},\"body\":\"a=form&b=x+%26%20y\"}",
                "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/app/open/echo\"}",
                "{\"id\":\"c\",\"method\":\"GET\",\"url\":\"/app/open/echo?a=%zz\"}"));

        assertThat(statuses(response)).containsExactly(200, 200, 400);
        assertThat(text(response, "a")).contains("parameter a query|form").contains("parameter b x & y");
        assertThat(text(response, "b")).doesNotContain("parameter").contains("?null");
    }

    @Test
    void bodiesGoThroughByteForByteHoweverLarge() throws Exception {
        String large = "\u00fc".repeat(150_000);
        HttpResponse<String> response = post(batch(
                "{\"id\":\"json\",\"method\":\"POST\",\"url\":\"/app/open/mirror\",\"body\":{ \"n\" : 1.0e2 }}",
                "{\"id\":\"large\",\"method\":\"POST\",\"url\":\"/app/open/mirror\","
                        + "\"headers\":{\"Content-Type\":\"text/plain;charset=UTF-8\"},\"body\":\"" + large + "\"}",
                "{\"id\":\"reader\",\"method\":\"POST\",\"url\":\"/app/open/reader\","
                        + "\"headers\":{\"Content-Type\":\"text/plain;charset=UTF-8\"},\"body\":\"gr\u00fc\u00df\"}",
                "{\"id\":\"out\",\"method\":\"GET\",\"url\":\"/app/open/large\"}",
                "{\"id\":\"head\",\"method\":\"HEAD\",\"url\":\"/app/open/large\"}"));

        assertThat(statuses(response)).containsOnly(200);
        assertThat(response.body()).contains("\"body\":{ \"n\" : 1.0e2 }");
        assertThat(text(response, "large")).isEqualTo(large);
        assertThat(text(response, "reader")).isEqualTo("gr\u00fc\u00df");
        assertThat(text(response, "out")).hasSize(1_000_000);
        assertThat(item(response, "head").has("body")).isFalse();
    }

    @Test
    void anAnswerThatIsTooLargeCostsItsOwnItem() throws Exception {
        try (TestServer small = TestServer.create()
                .batch(config -> config.dispatcher(DispatcherChoice.FORWARD)
                        .forwardAllow("/*")
                        .maxResponseBytes(10_000))
                .json("/ok", 200, "{}")
                .servlet("/large", (request, response) -> response.getWriter().print("x".repeat(100_000)))
                .start()) {
            assertThat(statuses(small.post(gets("/ok", "/large", "/ok")))).containsExactly(200, 507, 200);
        }
    }

    @Test
    void statusFieldsAndCookiesAreTheItems() throws Exception {
        HttpResponse<String> response = post(gets("/app/open/headers", "/app/open/reset", "/app/open/redirect?y"));

        assertThat(statuses(response)).containsExactly(202, 200, 302);
        assertThat(item(response, "0").path("headers").path("X-Twice").asText()).isEqualTo("a, b  X-In: jected");
        assertThat(response.headers().allValues("Set-Cookie")).contains("c=v; Path=/app; HttpOnly; SameSite=Strict");
        assertThat(item(response, "1").path("headers").has("X-Old")).isFalse();
        assertThat(text(response, "1")).isEqualTo("new");
        assertThat(item(response, "2").path("headers").path("Location").asText())
                .isEqualTo("http://127.0.0.1:" + server.port() + "/app/open/next?x");
    }

    @Test
    void aFieldWhoseNameIsNoTokenIsNotSent() throws Exception {
        HttpResponse<String> response = post(gets("/app/open/field-names"));

        assertThat(statuses(response)).containsExactly(200);
        assertThat(item(response, "0").path("headers").toString()).isEqualTo("{\"X-!#$%&'*+.^_`|~1\":\"a token\"}");
    }

    /** On the wire an interim response would go out, and no answer after it. */
    @ParameterizedTest
    @ValueSource(strings = {"100", "101", "103", "199", "0", "-1", "1000", "103&flush"})
    void aStatusThatIsNotFinalIsNoAnswer(String code) throws Exception {
        HttpResponse<String> response = post(gets("/app/open/status?code=" + code, "/app/open/status?code=200"));

        assertThat(statuses(response)).containsExactly(502, 200);
        assertThat(item(response, "0").path("body").path("type").asText())
                .isEqualTo("urn:multistatus:aborted-response");
    }

    @ParameterizedTest
    @CsvSource({
        "/open/error, 418",
        "/open/throws, 500",
        "/open/throws?what=servlet, 500",
        "/open/throws?what=io, 500",
        "/open/throws?what=error, 500",
        "/open/unavailable, 503",
        "/open/throws?what=late, 502",
        "/open/async, 500",
        "/open/nothing-here, 404",
        "/open/nested, 200"
    })
    void whatAHandlerDoesCostsItsOwnItem(String url, int status) throws Exception {
        HttpResponse<String> response = post(gets("/app/open/echo", "/app" + url, "/app/open/echo"));

        assertThat(statuses(response)).containsExactly(200, status, 200);
        assertThat(item(response, "1").toString())
                .doesNotContain("gone")
                .doesNotContain("taken back")
                .doesNotContain("X-Gone");
    }

    @Test
    void attributesOfAnItemAreItsOwnAndTheSessionIsShared() throws Exception {
        HttpResponse<String> first = post(gets("/app/open/attribute", "/app/open/attribute"));
        assertThat(text(first, "0")).isEqualTo("null, null");
        assertThat(text(first, "1")).isEqualTo("null, null");

        HttpResponse<String> created = server.send("GET", "/app/open/session");
        String cookie = created.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        HttpResponse<String> second = post(gets("/app/open/session", "/app/open/session"), "Cookie", cookie);
        assertThat(text(second, "0")).isEqualTo("1");
        assertThat(text(second, "1")).isEqualTo("2");
    }

    @Test
    void itemsRunOneAtATimeOnTheThreadOfTheBatchWhateverItPrefers() throws Exception {
        Map<Thread, AtomicInteger> threads = new java.util.concurrent.ConcurrentHashMap<>();
        try (TestServer one = TestServer.create()
                .batch(config -> config.dispatcher(DispatcherChoice.FORWARD).forwardAllow("/*"))
                .servlet("/x", (request, response) -> {
                    // Long enough for the filter's clock to come by.
                    java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
                    threads.computeIfAbsent(Thread.currentThread(), key -> new AtomicInteger())
                            .incrementAndGet();
                })
                .start()) {
            String[] urls = new String[100];
            java.util.Arrays.fill(urls, "/x");
            assertThat(statuses(one.post(gets(urls), "Prefer", "execution=parallel")))
                    .hasSize(100)
                    .containsOnly(200);
        }
        assertThat(threads).hasSize(1);
    }

    /** It lives in the batch's own request, which is over when a job begins. */
    @Test
    void thereAreNoJobs() throws Exception {
        HttpResponse<String> batch = server.postTo("/app/batch", "{\"requests\":[]}", "Prefer", "respond-async");

        assertThat(server.send("GET", "/app/batch").body()).doesNotContain("respond-async", "jobTimeoutMillis");
        assertThat(batch.statusCode()).isEqualTo(207);
        assertThat(batch.headers().firstValue("Preference-Applied")).isEmpty();
    }

    @Test
    void whenAHandlerHangsTheItemsAfterItAreToldThatTheyHaveNotRun() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        try (TestServer hanging = TestServer.create()
                .batch(config -> config.dispatcher(DispatcherChoice.FORWARD)
                        .forwardAllow("/*")
                        .itemTimeout(Duration.ofSeconds(1)))
                .servlet("/ok", (request, response) -> calls.incrementAndGet())
                .servlet("/hang", (request, response) -> release.await())
                .start()) {
            HttpResponse<String> response = hanging.post(gets("/ok", "/hang", "/ok", "/ok"));

            assertThat(statuses(response)).containsExactly(200, 504, 503, 503);
            assertThat(text(response, "2")).isEmpty();
            assertThat(item(response, "2").path("body").path("type").asText())
                    .isEqualTo("urn:multistatus:request-thread-lost");
            assertThat(calls).hasValue(1);
            release.countDown();
            assertThat(statuses(hanging.post(gets("/ok")))).containsExactly(200);
        } finally {
            release.countDown();
        }
    }

    @Test
    void theEnvelopeIsWhole() throws Exception {
        HttpResponse<String> response = post(gets("/app/open/large", "/app/open/error", "/app/open/throws"));

        assertThat(Envelopes.of(response).path("summary").path("failed").asInt())
                .isEqualTo(2);
        assertThat(response.headers().firstValue("Batch-Summary")).hasValue("total=3, succeeded=1, failed=2");
        assertThat(response.body().getBytes(StandardCharsets.UTF_8).length).isGreaterThan(1_000_000);
    }
}
