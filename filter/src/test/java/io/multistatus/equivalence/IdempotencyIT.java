package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.BatchConfig;
import io.multistatus.IdempotencyConfig;
import io.multistatus.idempotency.IdempotencyStore;
import io.multistatus.idempotency.IdempotencyStoreException;
import io.multistatus.idempotency.ScopedKey;
import io.multistatus.support.Envelopes;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with an {@code Idempotency-Key}, alone and in batches. */
@Tag("container")
@Tag("equivalence")
class IdempotencyIT extends KeyedRequestsContract {
    @Test
    void theSecondOfTwoIsGivenTheAnswerOfTheFirst() throws Exception {
        serveCarts();
        start();
        HttpResponse<String> first = post("carts?x=1", "Ada", KEY, "\"k 1\"");
        HttpResponse<String> second = post("carts?x=1", "Ada", KEY, "\"k 1\"");
        assertReplay(second, first, 1);
        assertThat(first.body()).isEqualTo("cart of Ada \u00fc");
        assertThat(second.headers().firstValue("Location")).hasValue("/carts/1");
        assertThat(second.headers().allValues("Link")).isEqualTo(first.headers().allValues("Link"));
        assertThat(first.headers().firstValue("Set-Cookie")).isPresent();
        assertThat(second.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void aKeyIsNotForAnotherRequest() throws Exception {
        serveCarts();
        start();
        post("carts?x=1", "Ada", KEY, "k");
        assertProblem(post("carts?x=1", "Bob", KEY, "k"), 422, "idempotency-key-reused");
        assertProblem(post("carts?x=1", "Adam", KEY, "k"), 422, "idempotency-key-reused");
        assertProblem(post("carts?x=2", "Ada", KEY, "k"), 422, "idempotency-key-reused");
        assertProblem(
                send(request("carts?x=1", KEY, "k").PUT(HttpRequest.BodyPublishers.ofString("Ada"))),
                422,
                "idempotency-key-reused");
        assertThat(ran).hasValue(1);
    }

    @Test
    void whoHasOtherCredentialsHasOtherKeys() throws Exception {
        serveCarts();
        start();
        post("carts", "Ada", KEY, "k", "Authorization", "Bearer a");
        assertThat(post("carts", "Ada", KEY, "k", "Authorization", "Bearer b")
                        .headers()
                        .firstValue(REPLAYED))
                .isEmpty();
        assertThat(post("carts", "Ada", KEY, "k", "Authorization", "Bearer a")
                        .headers()
                        .firstValue(REPLAYED))
                .isPresent();
        assertThat(ran).hasValue(2);
    }

    @Test
    void withoutAKeyAndForSafeMethodsNothingIsRemembered() throws Exception {
        serveCarts();
        start();
        for (int i = 0; i < 2; i++) {
            post("carts", "Ada");
            send(request("carts", KEY, "k").GET());
        }
        assertThat(ran).hasValue(4);
    }

    @Test
    void whileTheFirstIsRunningTheSecondIsToComeBack() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        handlers.put("slow", (request, response) -> {
            ran.incrementAndGet();
            begun.countDown();
            release.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            response.getWriter().write("done");
        });
        start();
        HttpRequest.Builder request = request("slow", KEY, "k").POST(HttpRequest.BodyPublishers.ofString("x"));
        CompletableFuture<HttpResponse<String>> first =
                newClient().sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
        begun.await();
        HttpResponse<String> early = post("slow", "x", KEY, "k");
        assertProblem(early, 409, "idempotency-key-in-use");
        assertThat(early.headers().firstValue("Retry-After")).hasValue("1");
        release.countDown();
        first.get();
        assertReplay(post("slow", "x", KEY, "k"), first.get(), 1);
    }

    @Test
    void whatFailedInTheHostRunsAgain() throws Exception {
        handlers.put("flaky", (request, response) -> {
            switch (ran.incrementAndGet()) {
                case 1 -> response.setStatus(503);
                case 2 -> response.sendError(500, "no");
                case 3 -> throw new IllegalStateException("on purpose");
                case 4 -> response.setStatus(429);
                default -> response.setStatus(204);
            }
        });
        start();
        for (int status : new int[] {503, 500, 500, 429, 204, 204}) {
            assertThat(post("flaky", "x", KEY, "k").statusCode()).isEqualTo(status);
        }
        assertThat(ran).hasValue(5);
    }

    @Test
    void errorsAndRedirectsAreGivenAgain() throws Exception {
        handlers.put("refuse", (request, response) -> {
            ran.incrementAndGet();
            response.setHeader("X-Reason", "none");
            response.sendError(403, "no");
        });
        handlers.put("redirect", (request, response) -> {
            ran.incrementAndGet();
            response.sendRedirect("/app/elsewhere?a=b");
        });
        start();
        HttpResponse<String> refused = post("refuse", "x", KEY, "a");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertReplay(post("refuse", "x", KEY, "a"), refused, 1);
        HttpResponse<String> redirected = post("redirect", "x", KEY, "b");
        assertThat(redirected.statusCode()).isEqualTo(302);
        HttpResponse<String> again = post("redirect", "x", KEY, "b");
        assertReplay(again, redirected, 2);
        assertThat(again.headers().firstValue("Location"))
                .isEqualTo(redirected.headers().firstValue("Location"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatIsTooLongToBeKeptIsNotGivenAgain(boolean byWriter) throws Exception {
        String text = "x".repeat(2_000);
        handlers.put("long", (request, response) -> {
            ran.incrementAndGet();
            if (byWriter) {
                response.getWriter().write(text);
            } else {
                response.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            }
        });
        start();
        assertThat(post("long", "x", KEY, "k").body()).isEqualTo(text);
        assertProblem(post("long", "x", KEY, "k"), 409, "answer-not-kept");
        assertThat(ran).hasValue(1);
    }

    @Test
    void aFormIsTheSameWhateverTheOrderOfItsFields() throws Exception {
        handlers.put("form", (request, response) -> {
            ran.incrementAndGet();
            response.getWriter().write(request.getParameter("a"));
        });
        start();
        String[] fields = {KEY, "k", "Content-Type", "application/x-www-form-urlencoded"};
        HttpResponse<String> first = post("form", "a=1&b=2", fields);
        assertThat(first.body()).isEqualTo("1");
        assertReplay(post("form", "b=2&a=1", fields), first, 1);
        assertProblem(post("form", "a=1&b=3", fields), 422, "idempotency-key-reused");
    }

    @Test
    void aBodyThatItsHandlerDoesNotReadCountsAllTheSame() throws Exception {
        handlers.put("blind", (request, response) -> ran.incrementAndGet());
        start();
        HttpResponse<String> first = post("blind", "abc", KEY, "k");
        assertReplay(post("blind", "abc", KEY, "k"), first, 1);
        assertProblem(post("blind", "abd", KEY, "k"), 422, "idempotency-key-reused");
    }

    @Test
    void asynchronousHandlersRunOnceToo() throws Exception {
        handlers.put("complete", (request, response) -> {
            ran.incrementAndGet();
            AsyncContext async = request.startAsync();
            async.start(() -> {
                try {
                    async.getResponse().getWriter().write("later");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                async.complete();
            });
        });
        handlers.put("dispatch", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                response.getWriter().write("dispatched");
            } else {
                ran.incrementAndGet();
                request.startAsync().dispatch();
            }
        });
        start();
        HttpResponse<String> completed = post("complete", "x", KEY, "a");
        assertThat(completed.body()).isEqualTo("later");
        assertReplay(post("complete", "x", KEY, "a"), completed, 1);
        HttpResponse<String> dispatched = post("dispatch", "x", KEY, "b");
        assertThat(dispatched.body()).isEqualTo("dispatched");
        assertReplay(post("dispatch", "x", KEY, "b"), dispatched, 2);
    }

    @Test
    void anAsynchronousHandlerWhoseTimeIsUpMayRunAgain() throws Exception {
        handlers.put("never", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST && ran.incrementAndGet() == 1) {
                request.startAsync().setTimeout(50);
            }
        });
        start();
        assertThat(post("never", "x", KEY, "k").statusCode()).isGreaterThanOrEqualTo(500);
        await().until(() -> post("never", "x", KEY, "k").statusCode() == 200);
        assertThat(ran).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"a", "a b", "\"a\"b\"", "\"a\";p=1", "\"a\\b\""})
    void aKeyThatIsNoneIsRefused(String key) throws Exception {
        serveCarts();
        start();
        assertProblem(post("carts", "Ada", KEY, key), 400, "malformed-idempotency-key");
        assertProblem(batch(Envelopes.gets("/app/carts"), KEY, key), 400, "malformed-idempotency-key");
        assertThat(ran).hasValue(0);
    }

    @Test
    void aKeyMayHave255Characters() throws Exception {
        serveCarts();
        start();
        assertThat(post("carts", "Ada", KEY, '"' + "k".repeat(255) + '"').statusCode())
                .isEqualTo(201);
        assertProblem(post("carts", "Ada", KEY, '"' + "k".repeat(256) + '"'), 400, "malformed-idempotency-key");
    }

    /** A store that has lost its database. */
    private static final class Unreachable implements IdempotencyStore {
        @Override
        public Outcome claim(ScopedKey key) throws IdempotencyStoreException {
            throw new IdempotencyStoreException("on purpose", new IOException("on purpose"));
        }

        @Override
        public void close() {}
    }

    @Test
    void whereNobodyKnowsNothingRunsThatHasAKey() throws Exception {
        serveCarts();
        start(BatchConfig.builder(), IdempotencyConfig.builder().store(new Unreachable()));
        HttpResponse<String> refused = post("carts", "Ada", KEY, "k");
        assertProblem(refused, 503, "idempotency-store-unavailable");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(ran).hasValue(0);
        assertThat(post("carts", "Ada").statusCode()).isEqualTo(201);
    }

    @Test
    void theEndpointSaysWhetherKeysAreServed() throws Exception {
        serveCarts();
        start();
        JsonNode document = Envelopes.of(send(request("batch").GET()));
        assertThat(document.path("features").toString()).contains("\"idempotency\"");
        assertThat(document.path("idempotency").toString()).isEqualTo("{\"paths\":[\"/app/*\"]}");
        host.close();
        host = HandlerHost.start(BatchConfig.defaults(), handlers);
        JsonNode without = Envelopes.of(send(request("batch").GET()));
        assertThat(without.path("features").toString()).contains("dependsOn").doesNotContain("idempotency");
        assertThat(without.has("idempotency")).isFalse();
    }

    @Test
    void aBatchThatIsPostedAgainRunsWhatHasNotSucceeded() throws Exception {
        serveCarts();
        handlers.put("flaky", (request, response) -> response.setStatus(ran.incrementAndGet() < 3 ? 503 : 200));
        start();
        String batch = Envelopes.batch(item("a", "carts"), item("b", "flaky"));
        HttpResponse<String> first = batch(batch, KEY, "\"K\"");
        assertThat(Envelopes.statuses(first)).containsExactly(201, 503);
        assertThat(Envelopes.of(first).path("summary").path("retryable").toString())
                .isEqualTo("[\"b\"]");

        HttpResponse<String> second = batch(batch, KEY, "\"K\"");
        assertThat(Envelopes.statuses(second)).containsExactly(201, 200);
        assertThat(field(second, "a", "Location")).isEqualTo(field(first, "a", "Location"));
        assertThat(field(second, "a", REPLAYED).asText()).isEqualTo("true");
        assertThat(field(second, "b", REPLAYED).isMissingNode()).isTrue();
        assertThat(ran).hasValue(3);

        assertThat(post("carts", "\"a\"", KEY, "\"K/a\"").headers().firstValue(REPLAYED))
                .hasValue("true");
        assertThat(Envelopes.statuses(batch(Envelopes.batch(item("a", "carts?x")), KEY, "\"K\"")))
                .containsExactly(422);
    }

    @Test
    void anItemWhoseTimeIsUpHasItsKeyUntilItsHandlerEnds() throws Exception {
        handlers.put("slow", (request, response) -> {
            ran.incrementAndGet();
            release.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            response.setStatus(201);
        });
        start(BatchConfig.builder().itemTimeout(Duration.ofMillis(300)));
        String batch = Envelopes.batch(item("a", "slow"));
        assertThat(Envelopes.statuses(batch(batch, KEY, "K"))).containsExactly(504);
        assertThat(Envelopes.statuses(batch(batch, KEY, "K"))).containsExactly(409);
        release.countDown();
        await().until(() -> Envelopes.statuses(batch(batch, KEY, "K")).equals(List.of(201)));
        assertThat(ran).hasValue(1);
    }
}
