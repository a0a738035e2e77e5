package io.multistatus;

import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.equivalence.RawHttpClient;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ResponseHeaderIT {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.create()
                .batch()
                .json("/ok", 200, "1")
                .servlet("/cookie", (request, response) -> {
                    response.addHeader("Set-Cookie", "session=" + "x".repeat(200));
                    response.addHeader("Set-Cookie", "theme=dark");
                })
                .servlet("/switching", (request, response) -> response.setStatus(101))
                .servlet("/early", (request, response) -> {
                    response.setStatus(103);
                    response.flushBuffer();
                })
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void moreCookiesThanAResponseCanHaveCostOnlyTheItemsWhoseCookiesDoNotFit() throws Exception {
        int items = 100;

        HttpResponse<String> response =
                server.post(gets(Collections.nCopies(items, "/cookie").toArray(String[]::new)));

        assertThat(response.statusCode()).isEqualTo(207);
        assertThat(statuses(response)).hasSize(items).containsOnly(200);
        List<String> cookies = response.headers().allValues("Set-Cookie");
        int kept = cookies.size() / 2;
        assertThat(kept).isGreaterThan(20).isLessThan(items);
        for (int i = 0; i < items; i++) {
            assertThat(item(response, Integer.toString(i)).path("cookies").asText())
                    .isEqualTo(i < kept ? "" : "dropped");
        }
        assertThat(response.body()).doesNotContain("theme=dark");
    }

    @Test
    void cookiesThatFitAreNotSaidToBeDropped() throws Exception {
        HttpResponse<String> response = server.post(gets("/cookie", "/ok"));

        assertThat(response.headers().allValues("Set-Cookie")).hasSize(2);
        assertThat(response.body()).doesNotContain("dropped");
    }

    @Test
    void anAnswerThatNeverGetsPastAnInterimStatusIs502() throws Exception {
        HttpResponse<String> response = server.post(gets("/switching", "/ok"));

        assertThat(statuses(response)).containsExactly(502, 200);
    }

    @Test
    void whatFollowsAnInterimStatusIsTheAnswer() throws Exception {
        HttpAnswer alone = RawHttpClient.plain(server.port()).send("GET", "/early", List.of(), null);
        HttpResponse<String> response = server.post(gets("/early", "/ok"));

        assertThat(statuses(response)).containsExactly(alone.status(), 200);
        assertThat(item(response, "0").path("body").asText()).isEqualTo(alone.text());
    }
}
