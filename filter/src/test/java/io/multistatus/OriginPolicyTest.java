package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.wire.OuterRequest;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPolicyTest {
    private static final OriginPolicy POLICY =
            new OriginPolicy(Set.of("https://app.example", "https://app.example:8443"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example",
                "HTTPS://Shop.Example",
                " https://shop.example ",
                "https://app.example",
                "https://APP.example:8443"
            })
    void theHostsOwnOriginAndAllowedOnesMayPost(String origin) {
        assertAllowed("Origin", origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://shop.example",
                "https://shop.example:444",
                "https://shop.example.evil.example",
                "https://evil.example",
                "https://shop.example/",
                "https://shop.example, https://evil.example",
                "https://evilapp.example",
                "https://app.example:8080",
                "null",
                "NULL",
                "",
                "*",
                "shop.example"
            })
    void otherOriginsMayNot(String origin) {
        Problem problem = refusal("Origin", origin);
        assertThat(problem.status()).isEqualTo(403);
        assertThat(problem.name()).isEqualTo("foreign-origin");
        assertThat(problem.detail()).contains("'" + origin + "'").contains("https://shop.example");
    }

    @Test
    void whereThereAreSeveralOriginsEachMustBeAllowed() {
        assertAllowed("Origin", "https://shop.example", "Origin", "https://app.example");
        refusal("Origin", "https://shop.example", "origin", "https://evil.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "Cross-Site", " same-site "})
    void withoutAnOriginTheBrowserMaySayThatItComesFromElsewhere(String site) {
        assertThat(refusal("Sec-Fetch-Site", site).detail()).contains("Sec-Fetch-Site: " + site);
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "none", "", "anything"})
    void withoutAnOriginTheBrowserMaySayThatItComesFromHere(String site) {
        assertAllowed("Sec-Fetch-Site", site);
    }

    @Test
    void whereThereIsAnOriginItDecides() {
        assertAllowed("Origin", "https://app.example", "Sec-Fetch-Site", "cross-site");
        refusal("Origin", "https://evil.example", "Sec-Fetch-Site", "same-origin");
    }

    @Test
    void aClientThatIsNoBrowserSaysNothing() {
        assertAllowed();
    }

    private static void assertAllowed(String... headers) {
        assertThatCode(() -> POLICY.check(request(headers))).doesNotThrowAnyException();
    }

    private static Problem refusal(String... headers) {
        BatchException refusal = catchThrowableOfType(BatchException.class, () -> POLICY.check(request(headers)));
        assertThat(refusal).isNotNull();
        return refusal.problem();
    }

    private static OuterRequest request(String... headers) {
        return new OuterRequest("https://shop.example", "shop.example", "", "/batch", Headers.of(headers));
    }
}
