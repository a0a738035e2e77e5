package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The description of the endpoint in OpenAPI: what depends on the configuration. */
class OpenApiIT {
    private static final String OPENAPI = "application/vnd.oai.openapi+json";
    private static final String POST = "/paths/~1batch/post";
    private static final String SCHEMAS = "/components/schemas";

    @Test
    void acceptDecidesBetweenItAndTheCapabilities() throws Exception {
        try (TestServer server = TestServer.create().batch().start()) {
            HttpResponse<String> description = server.send("GET", "/batch", "Accept", OPENAPI);
            assertThat(description.statusCode()).isEqualTo(200);
            assertThat(description.headers().map())
                    .containsEntry("Content-Type", List.of(OPENAPI + ";version=3.1"))
                    .containsEntry("Vary", List.of("Accept"))
                    .containsEntry("Cache-Control", List.of("no-cache"));
            assertThat(Envelopes.of(description).path("openapi").asText()).isEqualTo("3.1.0");
            HttpResponse<String> head = server.send("HEAD", "/batch", "Accept", OPENAPI);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().map()).containsEntry("Content-Type", List.of(OPENAPI + ";version=3.1"));

            HttpResponse<String> capabilities = server.send("GET", "/batch");
            assertThat(capabilities.headers().map())
                    .containsEntry("Content-Type", List.of("application/json"))
                    .containsEntry("Vary", List.of("Accept"));
            assertThat(Envelopes.of(capabilities).path("descriptions").toString())
                    .isEqualTo("[\"" + OPENAPI + ";version=3.1\"]");
            for (String accept : List.of("*/*", "application/json", "text/html", OPENAPI + ";version=2.0")) {
                assertThat(server.send("GET", "/batch", "Accept", accept).body())
                        .as(accept)
                        .isEqualTo(capabilities.body());
            }
        }
    }

    @Test
    void byDefaultThereAreJobsAndTheModuleAndBothStatuses() throws Exception {
        JsonNode description = description("/", config -> config);

        assertThat(names(description.at("/paths")))
                .containsExactly("/batch", "/batch/jobs/{id}", "/batch/jobs/{id}/failed", "/multistatus/batch.js");
        assertThat(names(description.at(POST + "/responses")))
                .containsExactly("207", "200", "202", "400", "403", "413", "415", "501", "503", "default");
        assertThat(description.at(SCHEMAS + "/EnvelopeStatus/enum").toString()).isEqualTo("[207,200]");
        assertThat(description.at(POST + "/parameters").toString()).doesNotContain("IdempotencyKey");
        assertThat(description
                        .at(SCHEMAS + "/BatchRequest/properties/requests/maxItems")
                        .asInt())
                .isEqualTo(100);
        assertThat(description.at("/servers/0/url").asText()).isEqualTo("/");
    }

    @Test
    void pathsLimitsAndDialectAreTheConfiguredOnes() throws Exception {
        JsonNode description = description(
                "/shop",
                config -> config.path("/api/many")
                        .odataPath("/api/$batch")
                        .odataStatus(207)
                        .maxRequests(7)
                        .maxBatchBytes(4321)
                        .itemTimeout(Duration.ofMillis(1234)));

        assertThat(description.at("/servers/0/url").asText()).isEqualTo("/shop");
        assertThat(names(description.at("/paths")))
                .containsExactly(
                        "/api/many",
                        "/api/many/jobs/{id}",
                        "/api/many/jobs/{id}/failed",
                        "/api/$batch",
                        "/multistatus/batch.js");
        assertThat(names(description.at("/paths/~1api~1$batch/post/responses")))
                .contains("207")
                .doesNotContain("200");
        assertThat(description
                        .at(SCHEMAS + "/ODataBatchRequest/properties/requests/maxItems")
                        .asInt())
                .isEqualTo(7);
        assertThat(description
                        .at(SCHEMAS + "/Capabilities/properties/limits/properties/itemTimeoutMillis/const")
                        .asInt())
                .isEqualTo(1234);
        assertThat(description.at("/components/responses/TooLarge/description").asText())
                .contains("more than 7 items", "more than 4321 bytes");
    }

    @Test
    void whatIsOffIsNotDescribed() throws Exception {
        JsonNode description = description(
                "/",
                config -> config.module(false)
                        .jobs(jobs -> jobs.enabled(false))
                        .multiStatus(MultiStatus.NEVER)
                        .atomicity(AtomicityChoice.NONE));

        assertThat(names(description.at("/paths"))).containsExactly("/batch");
        assertThat(names(description.at(POST + "/responses"))).contains("200").doesNotContain("207", "202");
        assertThat(description.at(SCHEMAS + "/EnvelopeStatus/enum").toString()).isEqualTo("[200]");
        assertThat(description.at(SCHEMAS + "/AtomicityGroup/description").asText())
                .contains("nothing is rolled back");
        assertThat(names(description.at("/components/responses/FallbackEnvelope/headers")))
                .contains("Batch-Atomicity");
        assertThat(names(description.at(SCHEMAS))).doesNotContain("JobStatus", "FailedItems", "ODataEnvelope");
        assertThat(description.toString()).doesNotContain("respond-async", "getJob", "x-when", "${");
    }

    @Test
    void alwaysMeansThereIsNo200() throws Exception {
        JsonNode description = description("/", config -> config.multiStatus(MultiStatus.ALWAYS));

        assertThat(names(description.at(POST + "/responses"))).contains("207").doesNotContain("200");
        assertThat(description.at(SCHEMAS + "/EnvelopeStatus/enum").toString()).isEqualTo("[207]");
        assertThat(description.toString()).doesNotContain("multi-status=200");
    }

    @Test
    void keysAreDescribedWhereTheyAreServed() throws Exception {
        try (TestServer server = TestServer.create()
                .batch()
                .filter(new IdempotencyFilter(), true)
                .start()) {
            JsonNode description = Envelopes.of(server.send("GET", "/batch", "Accept", OPENAPI));

            assertThat(description.at(POST + "/parameters").toString()).contains("IdempotencyKey");
            assertThat(description
                            .at("/components/parameters/IdempotencyKey/description")
                            .asText())
                    .contains("`/*`");
        }
    }

    @Test
    void everyReferenceLeadsSomewhereAndEveryOperationHasAnIdOfItsOwn() throws Exception {
        for (UnaryOperator<BatchConfigBuilder> configuration : List.<UnaryOperator<BatchConfigBuilder>>of(
                config -> config,
                config -> config.odataPath("/$batch").multiStatus(MultiStatus.NEVER),
                config -> config.odataPath("/$batch").odataStatus(207).multiStatus(MultiStatus.ALWAYS),
                config -> config.module(false).jobs(jobs -> jobs.enabled(false)))) {
            JsonNode description = description("/", configuration);

            List<String> references = description.findValuesAsText("$ref");
            assertThat(references).isNotEmpty().allSatisfy(reference -> {
                assertThat(reference).startsWith("#/");
                assertThat(description.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse();
            });
            List<String> operations = new ArrayList<>(description.at("/paths").findValuesAsText("operationId"));
            assertThat(operations).isNotEmpty().doesNotHaveDuplicates();
            assertThat(operations).containsAll(description.at("/components").findValuesAsText("operationId"));
        }
    }

    @Test
    void itsVersionIsThatOfTheRelease() throws Exception {
        Matcher version = Pattern.compile("<version>([0-9.]+)(-SNAPSHOT)?</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();

        assertThat(description("/", config -> config).at("/info/version").asText())
                .isEqualTo(version.group(1));
    }

    private static JsonNode description(String contextPath, UnaryOperator<BatchConfigBuilder> configuration)
            throws Exception {
        try (TestServer server =
                TestServer.create(50, contextPath).batch(configuration).start()) {
            return Envelopes.of(server.send(
                    "GET",
                    (contextPath.equals("/") ? "" : contextPath)
                            + configuration.apply(BatchConfig.builder()).build().path(),
                    "Accept",
                    OPENAPI));
        }
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }
}
