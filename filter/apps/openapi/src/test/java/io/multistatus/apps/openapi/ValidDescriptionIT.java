package io.multistatus.apps.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multistatus.AtomicityChoice;
import io.multistatus.BatchConfigBuilder;
import io.multistatus.MultiStatus;
import io.multistatus.support.TestServer;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Swagger's parser, which generators and pages of documentation are built on, reads the description and finds nothing wrong. */
class ValidDescriptionIT {
    private static final List<UnaryOperator<BatchConfigBuilder>> CONFIGURATIONS = List.of(
            config -> config,
            config -> config.odataPath("/v1/$batch").multiStatus(MultiStatus.NEVER),
            config -> config.odataPath("/v1/$batch").odataStatus(207).multiStatus(MultiStatus.ALWAYS),
            config -> config.module(false).jobs(jobs -> jobs.enabled(false)).atomicity(AtomicityChoice.NONE));

    @Test
    void itIsValidHoweverTheEndpointIsConfigured() throws Exception {
        for (UnaryOperator<BatchConfigBuilder> configuration : CONFIGURATIONS) {
            try (TestServer server =
                    TestServer.create(50, "/shop").batch(configuration).start()) {
                Described described = Described.at("/shop/batch", server);

                SwaggerParseResult parsed = parse(described.document().toString());
                assertThat(parsed.getMessages()).isEmpty();
                assertThat(parsed.isOpenapi31()).isTrue();
                assertThat(parsed.getOpenAPI().getPaths())
                        .hasSameSizeAs(described.document().path("paths"));
                assertThat(parsed.getOpenAPI().getComponents().getSchemas())
                        .hasSameSizeAs(described.document().at("/components/schemas"));
            }
        }
    }

    @Test
    void theParserWouldSaySo() throws Exception {
        try (TestServer server = TestServer.create().batch().start()) {
            ObjectNode document = (ObjectNode) Described.at("/batch", server).document();
            ((ObjectNode) document.path("info")).remove("title");
            ((ObjectNode) document.at("/components/parameters/Prefer")).remove("name");

            assertThat(parse(document.toString()).getMessages()).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    private static SwaggerParseResult parse(String document) {
        return new OpenAPIV3Parser().readContents(document);
    }
}
