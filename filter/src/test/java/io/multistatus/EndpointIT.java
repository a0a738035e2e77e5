package io.multistatus;

import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("container")
class EndpointIT {
    private static final String BATCH = gets("/app/hello");
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.create(50, "/app")
                .batch(config -> config.maxRequests(7))
                .json("/hello", 200, "{}")
                .servlet("/*", (request, response) -> {
                    response.setStatus(299);
                    response.getWriter().print("the app's own " + request.getMethod());
                })
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app/batch",
                "/app/batch;a=b",
                "/app/b%61tch",
                "/app;x=1/batch",
                "/%61pp/batch",
                "/app/./batch",
                "/app/x/../batch",
                "/app/batch?query"
            })
    void everySpellingThatTheContainerMapsToThePathIsTheEndpoint(String spelling) throws Exception {
        HttpResponse<String> response = server.postTo(spelling, BATCH);

        assertThat(response.statusCode()).isEqualTo(207);
        assertThat(statuses(response)).containsExactly(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/app/batch/", "/app/batch/x", "/app/batchx", "/app/Batch", "/app/x/batch", "/app/batch%20"})
    void whatTheContainerMapsElsewhereIsLeftToTheApp(String path) throws Exception {
        assertThat(server.postTo(path, BATCH).statusCode()).isEqualTo(299);
    }

    @Test
    void preflightsGoToTheApp() throws Exception {
        HttpResponse<String> response = server.send("OPTIONS", "/app/batch", "Origin", "https://elsewhere.example");

        assertThat(response.body()).isEqualTo("the app's own OPTIONS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "BREW"})
    void otherMethodsAre405AndSayWhatIsAllowed(String method) throws Exception {
        HttpResponse<String> response = server.send(method, "/app/batch");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD, POST, OPTIONS");
        assertThat(response.body())
                .contains("urn:multistatus:method-not-allowed")
                .contains(method);
    }

    @Test
    void getDescribesTheEndpoint() throws Exception {
        HttpResponse<String> response = server.send("GET", "/app/batch");
        JsonNode document = Envelopes.of(response);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(document.path("limits").path("maxRequests").asInt()).isEqualTo(7);
        assertThat(document.path("formats").path(0).asText()).isEqualTo("application/json");
        assertThat(document.path("streams").toString())
                .isEqualTo("[\"application/x-ndjson\",\"multipart/mixed; stream=1\"]");
        assertThat(document.path("features").toString()).contains("dependsOn", "\"respond-async\"");
        assertThat(document.path("limits").path("jobTimeoutMillis").asLong()).isEqualTo(3_600_000);
        assertThat(server.send("HEAD", "/app/batch").body()).isEmpty();
    }

    @Test
    void withoutJobsNothingIsSaidOfThemAndNoneIsMade() throws Exception {
        try (TestServer none = TestServer.create()
                .batch(config -> config.jobs(jobs -> jobs.enabled(false)))
                .json("/hello", 200, "{}")
                .start()) {
            HttpResponse<String> batch = none.postTo("/batch", BATCH, "Prefer", "respond-async");

            assertThat(none.send("GET", "/batch").body()).doesNotContain("respond-async", "jobTimeoutMillis");
            assertThat(batch.statusCode()).isEqualTo(207);
            assertThat(batch.headers().firstValue("Preference-Applied")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/jsonp",
                "nonsense"
            })
    void otherMediaTypesAre415AndNothingRuns(String contentType) throws Exception {
        HttpResponse<String> response = server.postTo("/app/batch", BATCH, "Content-Type", contentType);

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(response.body()).contains("urn:multistatus:unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/vnd.shop+json", "Application/JSON; charset=utf-8"})
    void jsonGoesByManyNames(String contentType) throws Exception {
        assertThat(server.postTo("/app/batch", BATCH, "Content-Type", contentType)
                        .statusCode())
                .isEqualTo(207);
    }

    @Test
    void aCompressedBatchIs415() throws Exception {
        assertThat(server.postTo("/app/batch", BATCH, "Content-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void whatCannotBeReadIs400AndSaysWhere() throws Exception {
        HttpResponse<String> response = server.postTo("/app/batch", "{\"requests\":[{\"id\":\"a\"");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("urn:multistatus:malformed-batch");
    }

    @Test
    void anUnknownInitParamStopsTheStart() throws Exception {
        Server jetty = new Server();
        ServletContextHandler context = new ServletContextHandler("/");
        FilterHolder holder = new FilterHolder(BatchFilter.class);
        holder.setInitParameter("maxRequest", "5");
        context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
        jetty.setHandler(context);
        try {
            assertThatThrownBy(jetty::start)
                    .isInstanceOf(ServletException.class)
                    .hasMessageContaining("maxRequest")
                    .hasMessageContaining("maxRequests");
        } finally {
            jetty.stop();
        }
    }
}
