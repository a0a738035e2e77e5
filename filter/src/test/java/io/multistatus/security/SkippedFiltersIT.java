package io.multistatus.security;

import static io.multistatus.security.Items.get;
import static io.multistatus.security.Items.header;
import static io.multistatus.security.Items.item;
import static io.multistatus.security.Items.only;
import static io.multistatus.security.Items.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.support.Envelopes;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Batch filters that hand their items on by {@code RequestDispatcher.forward} enter the app behind its security constraints
 * and behind all filters for REQUEST: a protected servlet answers with 200 and no user.
 */
@Tag("container")
@Tag("equivalence")
@ExtendWith(VictimHost.class)
class SkippedFiltersIT {
    private final Victim victim;

    SkippedFiltersIT(Victim victim) {
        this.victim = victim;
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /app/secret/x, 401",
        "GET, /app/secret, 401",
        "HEAD, /app/secret/x, 401",
        "DELETE, /app/secret/x, 401",
        "X-ANY, /app/secret/x, 401",
        "POST, /app/writes, 401",
        "GET, /app/gated/x, 403",
        "GET, /app/internal/x, 403"
    })
    void whatStandsInFrontOfAServletStandsInFrontOfItems(String method, String url, int expected) throws IOException {
        assertThat(victim.send(method, url, method.equals("POST") ? "" : null).status())
                .isEqualTo(expected);

        assertThat(status(only(victim.batch(Envelopes.batch(item("a", method, url))))))
                .isEqualTo(expected);
        assertThat(victim.reached()).isEmpty();
    }

    /** The judgement on each is the wire's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app/%73ecret/x",
                "/app/secret;a=b/x",
                "/app;a=b/secret/x",
                "/app//secret/x",
                "//app/secret/x",
                "/app/./secret/x",
                "/app/open/../secret/x",
                "/app/open/..;/secret/x",
                "/app/open/%2e%2e/secret/x",
                "/app/open/..%2fsecret/x",
                "/app/open/..%5csecret/x",
                "/app/open%00/../secret/x",
                "/app/SECRET/x",
                "/app/secret%20/x",
                "/app/secret%3b/x",
                "/app/secret%3f/x",
                "/app/secret/../../app/secret/x",
                "/app/secret/.",
                "/app/WEB-INF/secret.txt",
                "/app/web-inf/secret.txt",
                "/app/WEB-INF;/secret.txt",
                "/app/%57EB-INF/secret.txt",
                "/app/open/../WEB-INF/secret.txt",
                "/app/./WEB-INF/./secret.txt",
                "/app/META-INF/MANIFEST.MF"
            })
    void noSpellingGetsFartherThanAlone(String url) throws IOException {
        int alone = victim.send("GET", url, null).status();
        assertThat(victim.reached("secret")).isEmpty();

        JsonNode answer = only(victim.batch(Envelopes.batch(get("a", url))));

        assertThat(status(answer)).isEqualTo(isUnclear(answer) ? 403 : alone);
        assertThat(victim.reached("secret")).isEmpty();
        assertThat(answer.toString()).doesNotContain("nobody may see this");
    }

    /** Where {@code deny} is set, what has no one meaning is refused before it gets to the container. */
    private static boolean isUnclear(JsonNode answer) {
        return Items.problem(answer).equals("forbidden-target");
    }

    @Test
    void anItemIsARequestToWhoeverSeesIt() throws IOException {
        JsonNode gated = only(victim.batch(Envelopes.batch(get("a", "/app/gated/x", header("X-Token", "t")))));
        JsonNode secret = only(victim.batch(
                Envelopes.batch(get("a", "/app/secret/x", header("Authorization", Victim.AUTHORIZATION)))));

        assertThat(gated.path("body").path("dispatch").asText()).isEqualTo("REQUEST");
        assertThat(secret.path("body").path("dispatch").asText()).isEqualTo("REQUEST");
        assertThat(secret.path("body").path("user").asText()).isEqualTo("joe");
    }

    /** The user of one item is not that of the next, on the same thread or another. */
    @Test
    void whoLogsInLogsInForOneItem() throws IOException {
        for (String execution : new String[] {"ordered", "parallel", "sequential"}) {
            victim.reset();
            String[] items = new String[40];
            for (int i = 0; i < items.length; i++) {
                items[i] = i % 2 == 0
                        ? get("i" + i, "/app/secret/" + i, header("Authorization", Victim.AUTHORIZATION))
                        : get("i" + i, "/app/secret/" + i);
            }

            Items.answers(victim.batch(Envelopes.batch(items), "Prefer", "execution=" + execution))
                    .forEach((id, answer) -> assertThat(status(answer))
                            .as(id)
                            .isEqualTo(Integer.parseInt(id.substring(1)) % 2 == 0 ? 200 : 401));
            assertThat(victim.reached("secret")).hasSize(20);
        }
    }
}
