package io.multistatus.dispatch.jetty;

import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multistatus.support.TestServer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.ee10.servlet.ServletChannel;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.junit.jupiter.api.Test;

/** Items of a batch take turns on Jetty's channels; none of them may notice. */
class ChannelReuseIT {
    private static final String[] ONE_BY_ONE = {"Prefer", "execution=sequential"};

    /** All that a request could find of one before it. */
    private static void clean(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String found = response.getStatus() + " " + response.getHeaderNames().contains("X-Left")
                + request.getAttribute("left") + response.isCommitted() + request.isAsyncStarted()
                + request.getInputStream().read() + request.getCharacterEncoding() + response.getCharacterEncoding();
        response.setContentType("text/plain");
        response.getOutputStream().write(found.getBytes(StandardCharsets.UTF_8));
    }

    private static void messy(HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.setAttribute("left", "behind");
        request.setCharacterEncoding("UTF-16");
        response.setStatus(418);
        response.setHeader("X-Left", "behind");
        response.setCharacterEncoding("ISO-8859-1");
        response.getWriter().write("left behind");
    }

    private static void async(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync();
        async.start(() -> {
            response.setHeader("X-Left", "behind");
            async.complete();
        });
    }

    private static void cutOff(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentLength(1000);
        response.getOutputStream().write(new byte[10]);
        response.flushBuffer();
        throw new IllegalStateException("as planned");
    }

    @Test
    void whatAnItemLeavesBehindDoesNotReachTheNext() throws Exception {
        try (TestServer server = TestServer.create()
                .batch()
                .servlet("/clean", ChannelReuseIT::clean)
                .servlet("/messy", ChannelReuseIT::messy)
                .servlet("/async", ChannelReuseIT::async)
                .servlet("/cutoff", ChannelReuseIT::cutOff)
                .servlet("/error", (request, response) -> response.sendError(409, "as planned"))
                .servlet("/throws", (request, response) -> {
                    throw new IllegalStateException("as planned");
                })
                .start()) {
            List<String> urls = new ArrayList<>(List.of("/clean"));
            for (String url :
                    List.of("/messy", "/async", "/cutoff", "/error", "/throws", "/missing", "/" + "x".repeat(9000))) {
                urls.add(url);
                urls.add("/clean");
            }

            HttpResponse<String> response = server.post(gets(urls.toArray(String[]::new)), ONE_BY_ONE);

            assertThat(statuses(response))
                    .containsExactly(200, 418, 200, 200, 200, 502, 200, 409, 200, 500, 200, 404, 200, 414, 200);
            ObjectNode first = ((ObjectNode) item(response, "0")).without("id");
            for (int i = 2; i < urls.size(); i += 2) {
                assertThat(((ObjectNode) item(response, Integer.toString(i))).<ObjectNode>without("id"))
                        .as("after %s", urls.get(i - 1))
                        .isEqualTo(first);
            }
        }
    }

    @Test
    void anItemWhoseTimeIsUpDoesNotDisturbTheItemsAfterIt() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        try (TestServer server = TestServer.create()
                .batch(config -> config.itemTimeout(Duration.ofSeconds(1)))
                .json("/ok", 200, "{\"ok\":true}")
                .servlet("/stuck", (request, response) -> {
                    released.await();
                    response.setStatus(418);
                    response.getOutputStream().write(1);
                })
                .start()) {
            HttpResponse<String> response =
                    server.post(gets("/ok", "/stuck", "/ok", "/stuck", "/ok", "/ok"), ONE_BY_ONE);
            released.countDown();

            assertThat(statuses(response)).containsExactly(200, 504, 200, 504, 200, 200);
            assertThat(item(response, "5").path("body").path("ok").asBoolean()).isTrue();
        } finally {
            released.countDown();
        }
    }

    @Test
    void itemsThatRunOneByOneShareAChannel() throws Exception {
        Set<ServletChannel> channels = Collections.newSetFromMap(new ConcurrentHashMap<>());
        try (TestServer server = TestServer.create()
                .batch()
                .servlet(
                        "/ok",
                        (request, response) -> channels.add(ServletContextRequest.getServletContextRequest(request)
                                .getServletChannel()))
                .start()) {
            String[] urls = new String[50];
            java.util.Arrays.fill(urls, "/ok");

            assertThat(statuses(server.post(gets(urls), ONE_BY_ONE)))
                    .hasSize(50)
                    .containsOnly(200);
            assertThat(channels).hasSize(1);
        }
    }
}
