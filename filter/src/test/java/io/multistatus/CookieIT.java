package io.multistatus;

import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.TestServer;
import jakarta.servlet.http.Cookie;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("container")
class CookieIT {

    @Test
    void cookiesOfItemsGoToTheOuterResponseInItemOrderAndNeverIntoTheEnvelope() throws Exception {
        try (TestServer server = TestServer.create()
                .batch()
                .servlet("/cookie/*", (request, response) -> {
                    String name = request.getPathInfo().substring(1);
                    Cookie cookie = new Cookie(name, "secret-" + name);
                    cookie.setHttpOnly(true);
                    response.addCookie(cookie);
                    response.addHeader("Set-Cookie", name + "2=secret-too; HttpOnly");
                })
                .start()) {
            HttpResponse<String> response = server.post(gets("/cookie/a", "/cookie/b"), "Prefer", "execution=parallel");

            assertThat(response.headers().allValues("Set-Cookie"))
                    .extracting(value -> value.substring(0, value.indexOf('=')))
                    .containsExactly("a", "a2", "b", "b2");
            assertThat(response.body()).doesNotContain("secret").doesNotContainIgnoringCase("set-cookie");
        }
    }

    @Test
    void aSessionThatAnItemBeginsIsTheClientsFromThenOn() throws Exception {
        try (TestServer server = TestServer.create()
                .batch()
                .servlet("/count", (request, response) -> {
                    Integer count = (Integer) request.getSession().getAttribute("count");
                    int next = count == null ? 1 : count + 1;
                    request.getSession().setAttribute("count", next);
                    response.setContentType("application/json");
                    response.getWriter().print(next);
                })
                .start()) {
            HttpResponse<String> first = server.post(gets("/count"));
            String cookie = first.headers().firstValue("Set-Cookie").orElseThrow();
            // One at a time: side by side, two of them may count from the same number.
            HttpResponse<String> second = server.post(
                    gets("/count", "/count"),
                    "Prefer",
                    "execution=sequential",
                    "Cookie",
                    cookie.substring(0, cookie.indexOf(';')));

            assertThat(List.of(
                            item(first, "0").path("body").asInt(),
                            item(second, "0").path("body").asInt(),
                            item(second, "1").path("body").asInt()))
                    .containsExactly(1, 2, 3);
            assertThat(first.body()).doesNotContain("JSESSIONID");
        }
    }

    @Test
    void aCookieThatOneItemSetsDoesNotReachTheLaterOnes() throws Exception {
        try (TestServer server = TestServer.create()
                .batch()
                .servlet("/set", (request, response) -> response.addCookie(new Cookie("k", "v")))
                .servlet("/get", (request, response) -> {
                    response.setContentType("text/plain");
                    response.getWriter().print("cookie: " + request.getHeader("Cookie"));
                })
                .start()) {
            HttpResponse<String> response =
                    server.post(gets("/set", "/get"), "Prefer", "execution=sequential", "Cookie", "own=1");

            assertThat(item(response, "1").path("body").asText()).isEqualTo("cookie: own=1");
        }
    }
}
