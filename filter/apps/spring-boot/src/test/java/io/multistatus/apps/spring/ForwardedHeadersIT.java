package io.multistatus.apps.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.equivalence.BatchAnswer;
import io.multistatus.equivalence.Field;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.equivalence.RequestCase;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind a proxy, whose word Spring's filter or the container takes: each item is told what it would be alone. */
@Tag("container")
class ForwardedHeadersIT {
    private static final List<Field> PROXY = List.of(
            new Field("X-Forwarded-For", "203.0.113.7"),
            new Field("X-Forwarded-Proto", "https"),
            new Field("X-Forwarded-Host", "shop.example"),
            new Field("X-Forwarded-Port", "443"));
    private static final String OF_THE_SHOP = "https://shop.example";

    private static Host start(String strategy) {
        return Host.start(List.of("server.forward-headers-strategy=" + strategy));
    }

    private static RequestCase proxied(RequestCase request) {
        RequestCase proxied = request;
        for (Field field : PROXY) {
            proxied = proxied.withOuter(field.name(), field.value());
        }
        return proxied;
    }

    @ParameterizedTest
    @ValueSource(strings = {"framework", "native", "none"})
    void itemsAreToldWhatTheyWouldBeAlone(String strategy) throws IOException {
        List<RequestCase> plain = List.of(
                proxied(RequestCase.get("/public/echo")),
                proxied(RequestCase.get("/public/redirect")),
                proxied(RequestCase.get("/api/me").with("Accept", "text/html")));
        try (Host host = start(strategy)) {
            Client client = new Client(host.port());
            for (RequestCase request : plain) {
                assertSameAsAlone(client, request);
                assertSameAsAlone(client, request.named("below a prefix").withOuter("X-Forwarded-Prefix", "/shop"));
            }
        }
    }

    private static void assertSameAsAlone(Client client, RequestCase request) throws IOException {
        HttpAnswer alone = client.alone(request);
        BatchAnswer batch = client.batch(List.of(request));
        PipelineContract.assertSame(request, batch, batch.item("0"), alone);
    }

    @ParameterizedTest
    @ValueSource(strings = {"framework", "native"})
    void theOriginOfABatchIsHeldAgainstWhatTheProxySays(String strategy) throws IOException {
        try (Host host = start(strategy)) {
            Client client = new Client(host.port());
            RequestCase echo = proxied(RequestCase.get("/public/echo"));
            HttpAnswer own = client.batchAnswer(List.of(echo), new Field("Origin", OF_THE_SHOP));
            HttpAnswer foreign = client.batchAnswer(List.of(echo), new Field("Origin", "https://evil.example"));

            assertThat(own.status()).isEqualTo(207);
            assertThat(own.text()).contains(OF_THE_SHOP + "/public/echo");
            assertThat(foreign.status()).isEqualTo(403);
        }
    }

    /** The proxy has taken the prefix away when the app gets a request: so it is with what is relative to the batch. */
    @Test
    void itemsRelativeToTheBatchNeedNotKnowOfAPrefix() throws IOException {
        try (Host host = start("framework")) {
            RequestCase relative = proxied(RequestCase.get("public/echo")).withOuter("X-Forwarded-Prefix", "/shop");
            BatchAnswer batch = new Client(host.port()).batch(List.of(relative));

            assertThat(batch.item("0").status()).isEqualTo(200);
            assertThat(batch.item("0").body().asText()).contains(OF_THE_SHOP + "/shop/public/echo");
        }
    }

    /** A client that may choose the prefix may not choose which rules hold. */
    @Test
    void noPrefixLeadsPastDeny() throws IOException {
        try (Host host = start("framework")) {
            Client client = new Client(host.port());
            RequestCase denied = Cases.inSession(RequestCase.get("/denied/to-batches"), client.login("user0"));
            BatchAnswer batch = client.batch(List.of(denied), new Field("X-Forwarded-Prefix", "/elsewhere"));

            assertThat(batch.item("0").status()).isEqualTo(403);
            assertThat(batch.item("0").body().asText()).contains("urn:multistatus:forbidden-target");
        }
    }
}
