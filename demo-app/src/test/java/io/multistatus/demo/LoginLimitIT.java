package io.multistatus.demo;

import static io.multistatus.demo.Envelope.item;
import static io.multistatus.demo.Envelope.statuses;
import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guessing passwords by the batch is guessing them one after another. */
class LoginLimitIT {
    private static final int GUESSES = 100;
    private static final int TRIES = 10;
    private static final List<String> SPELLINGS = List.of("/login", "/%6cogin", "/login?x=y");

    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private final Visitor visitor = demo.visitor();

    private static String guess(int number) {
        return """
                {"id": "g%d", "method": "POST", "url": "%s", "body": {"user": "demo", "password": "%d"}}""".formatted(number, SPELLINGS.get(number % SPELLINGS.size()), number);
    }

    /** One test, since all of this container's tests come from the same address. */
    @Test
    void aHundredGuessesInABatchAreTenAndThenNoneAlone() {
        for (int i = 0; i < 2 * TRIES; i++) {
            assertThat(visitor.logIn().statusCode())
                    .as("what succeeds is not counted")
                    .isEqualTo(200);
        }

        HttpResponse<String> batch = visitor.postJson(
                "/batch",
                IntStream.range(0, GUESSES)
                        .mapToObj(LoginLimitIT::guess)
                        .collect(Collectors.joining(",", "{\"requests\": [", "]}")));

        List<Integer> statuses = statuses(batch);
        // A token may come back while the hundred are at it.
        assertThat(Collections.frequency(statuses, 401)).isBetween(TRIES, GUESSES / 2);
        assertThat(Collections.frequency(statuses, 429)).isEqualTo(GUESSES - Collections.frequency(statuses, 401));
        int refused = statuses.indexOf(429);
        assertThat(Integer.parseInt(
                        item(batch, refused).at("/headers/Retry-After").textValue()))
                .isBetween(1, 6);
        assertThat(item(batch, refused).at("/body/title").textValue()).isEqualTo("Too many tries");
        assertThat(json(batch).at("/summary/retryable"))
                .extracting(id -> id.textValue())
                .contains("g" + refused)
                .doesNotContain("g0");
    }
}
