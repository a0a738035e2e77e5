package io.multistatus.security;

import static io.multistatus.security.Items.answers;
import static io.multistatus.security.Items.get;
import static io.multistatus.security.Items.header;
import static io.multistatus.security.Items.item;
import static io.multistatus.security.Items.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.support.Envelopes;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What parse-server's batches got past, one after another: the rate limit, which counted a batch once
 * (GHSA-775h-3xrc-c228), also by another method (GHSA-vpvj-hfh8-388m); and the list of allowed routes
 * (GHSA-p84r-h6rx-f2xr).
 */
@Tag("container")
@Tag("equivalence")
@ExtendWith(VictimHost.class)
class ParseServerRateLimitIT {
    private static final int GUESSES = 20;

    private final Victim victim;

    ParseServerRateLimitIT(Victim victim) {
        this.victim = victim;
    }

    private static String guesses(IntFunction<String> guess) {
        return Envelopes.batch(IntStream.range(0, GUESSES).mapToObj(guess).toArray(String[]::new));
    }

    private static String guess(int number, String method, String url) {
        return item("g" + number, method, url, ",\"body\":{\"user\":\"admin\",\"password\":\"" + number + "\"}");
    }

    private static List<Integer> statuses(HttpAnswer answer) {
        return answers(answer).values().stream().map(Items::status).toList();
    }

    private static void assertAsManyAsAlone(List<Integer> statuses) {
        assertThat(Collections.frequency(statuses, 401)).isEqualTo(Victim.LOGINS);
        assertThat(Collections.frequency(statuses, 429)).isEqualTo(GUESSES - Victim.LOGINS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"execution=ordered", "execution=parallel", "execution=sequential"})
    void theLimitOfTheHostCountsEachItem(String execution) throws IOException {
        String batch = guesses(i -> guess(i, "POST", "/app/login"));

        assertAsManyAsAlone(statuses(victim.batch(batch, "Prefer", execution)));
        assertThat(victim.reached("login")).hasSize(Victim.LOGINS);

        assertThat(statuses(victim.batch(batch, "Prefer", execution))).containsOnly(429);
        assertThat(victim.send("POST", "/app/login", "{}").status()).isEqualTo(429);
    }

    @Test
    void itemsOfAGroupCountAsWell() throws IOException {
        String batch = guesses(i -> item("g" + i, "POST", "/app/login", ",\"atomicityGroup\":\"group" + i / 10 + "\""));

        HttpAnswer answer = victim.batch(batch);

        assertThat(victim.reached("login").size()).as(answer.text()).isBetween(1, Victim.LOGINS);
    }

    @Test
    void itemsOfAJobCountAsWell() throws IOException {
        HttpAnswer accepted = victim.batch(guesses(i -> guess(i, "POST", "/app/login")), "Prefer", "respond-async");
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        String job = accepted.first("Location").orElseThrow();

        // Until the first are answered: those that are refused for now would be tried again later.
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> victim.reached("login").size() >= Victim.LOGINS);
        assertThat(victim.send("POST", "/app/login", "{}").status()).isEqualTo(429);
        victim.send("DELETE", job, null);
        assertThat(victim.reached("login")).hasSize(Victim.LOGINS);
    }

    @Test
    void noMethodAndNoSpellingGoesUncounted() throws IOException {
        List<String> methods = List.of("POST", "post", "PUT", "GET", "Login");
        List<String> urls = List.of("/app/login", "/app/login;a=b", "/app/./login", "/app/x/../login", "/app/%6cogin");
        String batch = guesses(i -> item(
                "g" + i,
                methods.get(i % methods.size()),
                urls.get(i / 2 % urls.size()),
                header("X-HTTP-Method-Override", "GET")));

        List<Integer> statuses = statuses(victim.batch(batch));

        assertThat(statuses).hasSize(GUESSES).doesNotContain(200);
        assertThat(victim.reached("login")).hasSize(Victim.LOGINS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app/closed/x",
                "/app/closed",
                "/app/%63losed/x",
                "/app/closed;a=b/x",
                "/app;x/closed/x",
                "/app//closed/x",
                "//app/closed/x",
                "/app/./closed/x",
                "/app/open/../closed/x",
                "/app/open/..;/closed/x",
                "/app/open/%2e%2e/closed/x",
                "/app/open/.%2e/closed/x",
                "/app/open%2f..%2fclosed/x",
                "/app/open/..%5cclosed/x",
                "/app/open\\\\..\\\\closed/x",
                "/other/../app/closed/x",
                "closed/x",
                "./closed/x?y=/../open",
                "../app/closed/x",
                "/app/closed/x?a",
                "/app/clos%65d/%2e/x",
                "/app/%2563losed/x",
                "/app/clo%c0%aesed/x"
            })
    void whatIsClosedToBatchesIsSoInEverySpelling(String url) throws IOException {
        Map<String, JsonNode> answers = answers(victim.batch(Envelopes.batch(get("a", "/app/open/x"), get("b", url))));

        assertThat(status(answers.get("a"))).isEqualTo(200);
        assertThat(status(answers.get("b"))).isGreaterThanOrEqualTo(400);
        assertThat(victim.reached("closed")).isEmpty();
    }
}
