package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Takes as long as a silence may: in one container only. */
class KeepAliveIT {
    @Test
    void aLongSilenceIsBrokenByAnEmptyLine() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (TestServer server = TestServer.create()
                .batch(config -> config)
                .servlet("/slow", (request, response) -> never.await(17, TimeUnit.SECONDS))
                .start()) {
            HttpResponse<String> response =
                    server.postTo("/batch", Envelopes.gets("/slow"), "Accept", "application/x-ndjson");
            assertThat(response.body()).matches("\\n\\{\"id\":\"0\".*\\n\\{\"status\":207.*\\n");
        }
    }
}
