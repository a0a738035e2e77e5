package io.multistatus.dispatch.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.equivalence.BatchCall;
import io.multistatus.equivalence.HostContainer;
import io.multistatus.equivalence.HostOptions;
import io.multistatus.equivalence.Http2Client;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.equivalence.RawHttpClient;
import io.multistatus.equivalence.RequestCase;
import io.multistatus.equivalence.TomcatHostContainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Batches that Tomcat's dispatcher does not serve are told why. */
@Tag("tomcat")
class RefusedBatchIT {
    private static final String ENDPOINT = "/app/batch";

    @Test
    void overHttp2BehindARemoteIpValve() throws IOException {
        HostOptions options = HostOptions.with(Map.of()).overHttp2();
        try (HostContainer.Host host = new TomcatHostContainer().start(options);
                Http2Client client = new Http2Client(host.port())) {
            HttpAnswer answer = new BatchCall(ENDPOINT)
                    .item("0", RequestCase.get("/app/echo"))
                    .exchange(client);
            assertRefused(answer, "HTTP/2", "RemoteIpValve");
        }
    }

    @Test
    void withAHeaderFieldOverSeveralLines() throws IOException {
        try (HostContainer.Host host = new TomcatHostContainer().start(HostOptions.with(Map.of()))) {
            String batch = "{\"requests\": []}";
            String request = "POST /app/batch HTTP/1.1\r\nHost: 127.0.0.1:" + host.port() + "\r\nX-Folded: a\r\n b\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + batch.length() + "\r\n\r\n" + batch;
            HttpAnswer answer =
                    RawHttpClient.plain(host.port()).sendBytes(request.getBytes(StandardCharsets.US_ASCII), false);
            assertRefused(answer, "folded");
        }
    }

    private static void assertRefused(HttpAnswer answer, String... reasons) {
        assertThat(answer.status()).isEqualTo(501);
        assertThat(answer.text())
                .contains("urn:multistatus:unsupported-container")
                .contains(reasons);
    }
}
