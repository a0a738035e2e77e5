package io.multistatus.security;

import static io.multistatus.security.Items.item;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.BatchConfig;
import io.multistatus.equivalence.HandlerHost;
import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.support.Envelopes;
import io.multistatus.wire.CanonicalPath;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A hundred logins in one request, of which a limiter in front of the server sees one (OWASP API4:2023; the batches of
 * GraphQL are used so). Here nothing in the app limits them either, only the batch's own listener.
 */
@Tag("container")
@Tag("equivalence")
class BruteForceIT {
    private static final int GUESSES = 100;
    private static final int TRIES = 10;
    private static final List<String> SPELLINGS = List.of(
            "/app/login",
            "/app/%6cogin",
            "/app/login;a=b",
            "/app/./login",
            "/app/x/../login",
            "/app/login?user=x",
            "login",
            "./login");

    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger others = new AtomicInteger();

    /** So many logins for each address, however their paths are spelled. */
    private static final class LoginLimit implements BatchListener {
        private final Map<String, Integer> tries = new ConcurrentHashMap<>();

        @Override
        public Optional<Subresponse> beforeItem(ItemEvent item) {
            Optional<String> path = CanonicalPath.of(item.target().replaceFirst("\\?.*", ""));
            if (path.isPresent() && !path.get().startsWith("/app/login")) {
                return Optional.empty();
            }
            if (tries.merge(String.valueOf(item.batch().caller().remoteAddress()), 1, Integer::sum) <= TRIES) {
                return Optional.empty();
            }
            return Optional.of(Subresponse.of(
                    Problem.of(429, "too-many-logins", "Too many logins")
                            .detail("Item '" + item.request().label() + "' was not run"),
                    Headers.of("Retry-After", "60")));
        }
    }

    private HandlerHost start(BatchListener listener) throws Exception {
        return HandlerHost.start(
                BatchConfig.builder().listener(listener).build(),
                Map.of(
                        "login",
                        (request, response) -> {
                            logins.incrementAndGet();
                            response.setStatus(401);
                        },
                        "other",
                        (request, response) -> others.incrementAndGet()));
    }

    private static String[] guesses() {
        return IntStream.range(0, GUESSES)
                .mapToObj(i -> item("g" + i, "POST", SPELLINGS.get(i % SPELLINGS.size())))
                .toArray(String[]::new);
    }

    @Test
    void guessesOfABatchEndWhenThereHaveBeenEnough() throws Exception {
        try (HandlerHost host = start(new LoginLimit())) {
            HttpResponse<String> batch = host.post(guesses());

            List<Integer> statuses = Envelopes.statuses(batch);
            assertThat(Collections.frequency(statuses, 429)).isEqualTo(GUESSES - TRIES);
            int tried = Collections.frequency(statuses, 401);
            // Not every container makes the same of dot segments.
            assertThat(tried).isBetween(TRIES / 2, TRIES);
            assertThat(logins).hasValue(tried);
            assertThat(Envelopes.of(batch).path("summary").path("retryable")).hasSize(GUESSES - TRIES);
            assertThat(Envelopes.of(batch).path("summary").path("retryAfter").asInt())
                    .isEqualTo(60);
            String refused = "g" + statuses.indexOf(429);
            assertThat(Envelopes.item(batch, refused).path("body").path("type").asText())
                    .isEqualTo("urn:multistatus:too-many-logins");
            assertThat(Envelopes.item(batch, refused)
                            .path("body")
                            .path("detail")
                            .asText())
                    .contains("'" + refused + "'");

            assertThat(Envelopes.statuses(host.post(guesses()))).containsOnly(429);
            assertThat(Envelopes.statuses(host.post(item("a", "GET", "/app/other"), item("b", "POST", "/app/login"))))
                    .containsExactly(200, 429);
            assertThat(logins).hasValue(tried);
            assertThat(others).hasValue(1);
        }
    }

    /** Who can make it fail must not have got round it. */
    @Test
    void whatDecidesAndFailsLetsNothingThrough() throws Exception {
        try (HandlerHost host = start(new BatchListener() {
            @Override
            public Optional<Subresponse> beforeItem(ItemEvent item) {
                throw new IllegalStateException("no limit to be had");
            }
        })) {
            assertThat(Envelopes.statuses(host.post(item("a", "POST", "/app/login"), item("b", "GET", "/app/other"))))
                    .containsExactly(500, 500);
            assertThat(logins).hasValue(0);
            assertThat(others).hasValue(0);
        }
    }
}
