package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.BatchConfig;
import io.multistatus.IdempotencyConfig;
import io.multistatus.IdempotencyFilter;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler does with a response that is held back is answered as if it were not, and so is it the second time. */
@Tag("container")
@Tag("equivalence")
class HeldAnswersIT {
    private static final String KEY = "Idempotency-Key";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data; boundary=b";

    private final AtomicInteger ran = new AtomicInteger();
    private final Map<String, HandlerHost.Handler> handlers = new HashMap<>();
    private @Nullable HandlerHost host;

    private static void redirect(HttpServletResponse response, String location, int status) throws Exception {
        Method since61;
        try {
            since61 = HttpServletResponse.class.getMethod("sendRedirect", String.class, int.class, boolean.class);
        } catch (NoSuchMethodException e) {
            response.setStatus(status);
            response.setHeader("Location", location);
            return;
        }
        try {
            since61.invoke(response, location, status, true);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve() throws IOException {
        handlers.put("target", (request, response) -> {
            response.setContentType("text/plain;charset=utf-8");
            response.getWriter().write("target \u00fc");
        });
        handlers.put(
                "forward",
                (request, response) -> request.getRequestDispatcher("/target").forward(request, response));
        handlers.put("include", (request, response) -> {
            response.getWriter().write("before ");
            request.getRequestDispatcher("/target").include(request, response);
            response.getWriter().write(" after");
        });
        handlers.put("reader", (request, response) -> {
            response.setContentType("text/plain;charset=utf-8");
            response.getWriter().write(request.getReader().readLine());
        });
        handlers.put("locale", (request, response) -> {
            response.setLocale(Locale.UK);
            response.getWriter().write("colour");
        });
        handlers.put("redirect", (request, response) -> {
            response.getWriter().write("gone");
            redirect(response, "/app/elsewhere", 307);
        });
        handlers.put("relative", (request, response) -> response.sendRedirect("elsewhere?a=b"));
        handlers.put("error", (request, response) -> {
            response.setHeader("X-Kept", "1");
            response.getWriter().write("gone");
            response.sendError(409, "no");
            response.setStatus(200);
        });
        handlers.put("reset", (request, response) -> {
            response.setHeader("X-Gone", "1");
            response.setStatus(202);
            response.getWriter().write("gone");
            response.reset();
            response.getOutputStream().write("stays".getBytes(StandardCharsets.US_ASCII));
        });
        handlers.put("late", (request, response) -> {
            response.setHeader("X-Kept", "1");
            response.getOutputStream().write('a');
            response.flushBuffer();
            response.setHeader("X-Late", "1");
            response.addHeader("X-Kept", "2");
            response.setStatus(202);
            response.getOutputStream().write((response.isCommitted() + "").getBytes(StandardCharsets.US_ASCII));
        });
        handlers.put("lateWriter", (request, response) -> {
            response.getWriter().write("a");
            response.getWriter().flush();
            response.setHeader("X-Late", "1");
            response.getWriter().write("" + response.isCommitted());
        });
        handlers.put("unmappable", (request, response) -> {
            response.setContentType("text/plain;charset=iso-8859-1");
            response.getWriter().write("\u20ac \u00fc");
        });
        handlers.put("lengthy", (request, response) -> {
            response.setContentType("text/plain");
            response.setContentLength(3);
            response.getOutputStream().write("abc".getBytes(StandardCharsets.US_ASCII));
            response.getOutputStream().close();
        });
        handlers.put("form", (request, response) -> {
            String a = request.getParameter("a");
            response.getWriter().write(a + request.getInputStream().read());
        });
        handlers.put("completed", (request, response) -> {
            AsyncContext async = request.startAsync();
            response.getWriter().write("early ");
            async.complete();
            response.getWriter().write("late");
        });
        handlers.put("blind", (request, response) -> response.setStatus(202));
        start(new IdempotencyFilter(IdempotencyConfig.builder().build()));
    }

    private void start(Filter filter) throws IOException {
        Filter counting = (request, response, chain) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                ran.incrementAndGet();
            }
            chain.doFilter(request, response);
        };
        host = HandlerHost.start(BatchConfig.builder().build(), handlers, List.of(), List.of(filter, counting));
    }

    @AfterEach
    void stop() throws IOException {
        if (host != null) {
            host.close();
        }
    }

    private HttpResponse<String> send(String method, String path, String body, String... fields) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + Objects.requireNonNull(host).port() + "/app/" + path))
                .timeout(Duration.ofSeconds(60))
                .headers(fields)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String described(HttpResponse<String> response) {
        Map<String, List<String>> fields = new TreeMap<>(response.headers().map());
        fields.keySet().removeAll(List.of("date", "content-length", "transfer-encoding", "idempotency-replayed"));
        fields.remove("connection");
        fields.remove("keep-alive");
        String body = response.body().replaceAll("JSESSIONID=\\w+", "");
        return response.statusCode() + " " + fields + " " + body;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "forward",
                "include",
                "reader",
                "locale",
                "redirect",
                "relative",
                "error",
                "reset",
                "late",
                "lateWriter",
                "unmappable",
                "lengthy",
                "form",
                "completed",
                "blind"
            })
    void aKeyChangesNothing(String path) throws Exception {
        serve();
        String type = path.equals("form") ? FORM : "application/json";
        String body = path.equals("form") ? "a=1" : "\"\u00fc\"";
        HttpResponse<String> plain = send("POST", path, body, "Content-Type", type);
        HttpResponse<String> first = send("POST", path, body, "Content-Type", type, KEY, "k");
        HttpResponse<String> second = send("POST", path, body, "Content-Type", type, KEY, "k");
        assertThat(described(first)).isEqualTo(described(plain));
        assertThat(described(second)).isEqualTo(described(plain));
        assertThat(second.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertThat(ran).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST form " + FORM, "PUT blind " + FORM, "POST blind " + MULTIPART})
    void aFormIsAnotherOneWhateverTheContainerReadsOfIt(String line) throws Exception {
        serve();
        String[] words = line.split(" ", 3);
        String body = words[2].equals(FORM)
                ? "a=1"
                : "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n";
        String[] fields = {"Content-Type", words[2], KEY, "k"};
        HttpResponse<String> first = send(words[0], words[1], body, fields);
        assertThat(described(send(words[0], words[1], body, fields))).isEqualTo(described(first));
        assertThat(send(words[0], words[1], body.replace('1', '2'), fields).statusCode())
                .isEqualTo(422);
        assertThat(ran).hasValue(1);
    }

    private void startKeyed() throws IOException {
        start(new IdempotencyFilter(IdempotencyConfig.builder().build()));
    }

    @Test
    void aHandlerThatThrowsWhatItDoesNotDeclareLetsGoOfItsKey() throws Exception {
        Filter sneaky = (request, response, chain) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST && ran.incrementAndGet() == 1) {
                throw HeldAnswersIT.<RuntimeException>undeclared(new Exception("on purpose"));
            }
            chain.doFilter(request, response);
        };
        handlers.put("blind", (request, response) -> response.setStatus(202));
        host = HandlerHost.start(
                BatchConfig.builder().build(),
                handlers,
                List.of(),
                List.of(new IdempotencyFilter(IdempotencyConfig.builder().build()), sneaky));
        assertThat(send("POST", "blind", "x", KEY, "k").statusCode()).isEqualTo(500);
        assertThat(send("POST", "blind", "x", KEY, "k").statusCode()).isEqualTo(202);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E undeclared(Exception e) throws E {
        throw (E) e;
    }

    @Test
    void aRequestWhoseFormCannotBeReadRunsOnceToo() throws Exception {
        handlers.put("blind", (request, response) -> response.setStatus(202));
        startKeyed();
        String[] fields = {"Content-Type", FORM + ";charset=nope", KEY, "k"};
        int first = send("POST", "blind", "a=%zz", fields).statusCode();
        int second = send("POST", "blind", "a=%zz", fields).statusCode();
        assertThat(first).isEqualTo(202);
        assertThat(second).isNotEqualTo(409);
        assertThat(ran).hasValue(1);
    }

    @Test
    void anAnswerThatIsWrittenWhereTheFilterIsNotMappedGoesOutAllTheSame() throws Exception {
        handlers.put("dispatch", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                response.getWriter().write("dispatched");
            } else {
                request.startAsync().dispatch();
            }
        });
        start(new NotForAsync(new IdempotencyFilter(IdempotencyConfig.builder().build())));
        HttpResponse<String> first = send("POST", "dispatch", "x", KEY, "k");
        assertThat(first.body()).isEqualTo("dispatched");
        await().until(() -> send("POST", "dispatch", "x", KEY, "k").body().contains("answer-not-kept"));
        assertThat(ran).hasValue(1);
    }

    /** As if it were mapped for {@code REQUEST} only. */
    private static final class NotForAsync implements Filter {
        private final Filter target;

        NotForAsync(Filter target) {
            this.target = target;
        }

        @Override
        public void init(FilterConfig config) throws ServletException {
            target.init(config);
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                target.doFilter(request, response, chain);
            } else {
                chain.doFilter(request, response);
            }
        }
    }
}
