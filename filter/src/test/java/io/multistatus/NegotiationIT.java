package io.multistatus;

import static io.multistatus.support.Envelopes.gets;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("container")
class NegotiationIT {
    private static final String BATCH = gets("/ok");
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.create()
                .batch(config -> config.status200UserAgents("OldClient/[12]\\."))
                .json("/ok", 200, "{}")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static void assertStatus(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(Envelopes.of(response).path("status").asInt()).isEqualTo(status);
    }

    @Test
    void theStatusIs207WithTheHeadersOfAnEnvelope() throws Exception {
        HttpResponse<String> response = server.post(BATCH);

        assertStatus(response, 207);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(response.headers().firstValue("Vary")).hasValue("Prefer, Accept, User-Agent");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Batch-Summary")).hasValue("total=1, succeeded=1, failed=0");
        assertThat(response.headers().firstValue("Preference-Applied")).isEmpty();
    }

    @Test
    void aClientMayPrefer200AndIsToldThatItWasHeard() throws Exception {
        HttpResponse<String> response = server.post(BATCH, "Prefer", "multi-status=200, execution=parallel");

        assertStatus(response, 200);
        assertThat(response.headers().firstValue("Preference-Applied"))
                .hasValue("execution=parallel, multi-status=200");
    }

    @Test
    void aQueryParameterAsksFor200() throws Exception {
        assertStatus(server.postTo("/batch?a=b&multi-status=200", BATCH), 200);
        assertStatus(server.postTo("/batch?xmulti-status=200", BATCH), 207);
    }

    @Test
    void whatComesThroughAnHttp10ProxyIsAnsweredWith200() throws Exception {
        assertStatus(server.post(BATCH, "Via", "1.0 old-proxy"), 200);
        assertStatus(server.post(BATCH, "Via", "1.1 new-proxy, 1.0 older"), 207);
    }

    @Test
    void userAgentsThatAreKnownNotToTake207GetA200() throws Exception {
        assertStatus(server.post(BATCH, "User-Agent", "Mozilla/5.0 OldClient/2.7"), 200);
        assertStatus(server.post(BATCH, "User-Agent", "OldClient/3.0"), 207);
    }

    @Test
    void anHttp10ClientGetsA200() throws Exception {
        String answer = server.raw("POST /batch HTTP/1.0\r\nHost: 127.0.0.1:" + server.port()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + BATCH.length() + "\r\n\r\n" + BATCH);

        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\"status\":200,\"responses\"");
    }

    @Test
    void alwaysAndNeverDoNotListenToClients() throws Exception {
        try (TestServer always = TestServer.create()
                        .batch(config -> config.multiStatus(MultiStatus.ALWAYS))
                        .json("/ok", 200, "{}")
                        .start();
                TestServer never = TestServer.create()
                        .batch(config -> config.multiStatus(MultiStatus.NEVER))
                        .json("/ok", 200, "{}")
                        .start()) {
            HttpResponse<String> response = always.post(BATCH, "Prefer", "multi-status=200");
            assertStatus(response, 207);
            assertThat(response.headers().firstValue("Preference-Applied")).isEmpty();
            assertStatus(never.post(BATCH), 200);
        }
    }

    /** A filter in front that is not made for answers that come later. */
    @Test
    void whereNothingMayBeAsyncTheLinesComeAllAtOnce() throws Exception {
        try (TestServer blocking = TestServer.create()
                .filter((request, response, chain) -> chain.doFilter(request, response), false)
                .batch(config -> config)
                .json("/ok", 200, "{}")
                .start()) {
            HttpResponse<String> response = blocking.post(gets("/ok", "/nowhere"), "Accept", "application/x-ndjson");
            assertThat(response.statusCode()).isEqualTo(207);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
            assertThat(response.headers().firstValue("Batch-Summary")).hasValue("total=2, succeeded=1, failed=1");
            assertThat(response.body().lines())
                    .hasSize(3)
                    .last()
                    .asString()
                    .isEqualTo(
                            "{\"status\":207,\"summary\":{\"total\":2,\"succeeded\":1,\"failed\":1,\"retryable\":[]}}");
        }
    }
}
