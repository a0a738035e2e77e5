package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedTypesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.oai.openapi+json",
                "Application/VND.OAI.OpenAPI+JSON",
                "application/vnd.oai.openapi+json;version=3.1",
                "application/vnd.oai.openapi+json; version=\"3.1.0\"",
                "application/vnd.oai.openapi+json;version=3.0, application/vnd.oai.openapi+json;version=3.1",
                "application/vnd.oai.openapi+json;charset=utf-8",
                "application/vnd.oai.openapi+json, application/json;q=0.9, */*;q=0.8",
                "application/json;q=0.4, application/vnd.oai.openapi+json;q=0.5",
                "text/html, application/vnd.oai.openapi+json;q=0.1",
                "application/vnd.oai.openapi+json, */*",
                "*/*, application/vnd.oai.openapi+json",
                "application/json;q=0, */*"
            })
    void theDescriptionIsPreferred(String accept) {
        assertThat(prefersOpenApi(accept)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "application/*",
                "application/json",
                "text/html",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "application/json, application/vnd.oai.openapi+json",
                "application/vnd.oai.openapi+json;q=0.5, application/json",
                "application/vnd.oai.openapi+json;q=0.5, */*",
                "application/vnd.oai.openapi+json;q=0",
                "application/vnd.oai.openapi+json;q=2",
                "application/vnd.oai.openapi+json;version=3.0",
                "application/vnd.oai.openapi+json;version=3.10",
                "application/vnd.oai.openapi+json, application/vnd.oai.openapi+json;version=3.1;q=0",
                "application/vnd.oai.openapi",
                "application/openapi"
            })
    void theCapabilitiesStay(String accept) {
        assertThat(prefersOpenApi(accept)).isFalse();
    }

    private static boolean prefersOpenApi(String accept) {
        AcceptedTypes accepted = AcceptedTypes.of(List.of(accept));
        return accepted.of(OpenApiDocument.ESSENCE, OpenApiDocument::isWhatIsAskedFor)
                .isAbove(accepted.of("application/json", range -> true));
    }
}
