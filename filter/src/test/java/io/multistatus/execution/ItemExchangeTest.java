package io.multistatus.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits: 100 bytes an item, 500 a batch, 1000 all batches. */
class ItemExchangeTest {

    @Test
    void anAnswerIsCollectedPieceByPiece() {
        Subresponse response = single((id, sink) -> {
            sink.head(201, Headers.of("A", "1"));
            ByteBuffer piece = ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8));
            sink.data(piece.slice(0, 3));
            sink.data(piece.slice(3, 2));
            piece.put(0, (byte) 'j');
            sink.complete();
        });
        assertThat(response.status()).isEqualTo(201);
        assertThat(response.headers().first("A")).contains("1");
        assertThat(StandardCharsets.UTF_8.decode(response.body().duplicate()).toString())
                .isEqualTo("hello");
        assertThat(response.problem()).isNull();
    }

    @Test
    void whatStandsInForAnAnswerIsTheOnlyOne() {
        Problem problem = Problem.of(403, "x", "X");
        Subresponse response = single((id, sink) -> {
            sink.instead(problem);
            sink.head(200, Headers.empty());
            sink.instead(Problem.of(503, "y", "Y"));
            sink.complete();
        });
        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body()).isEqualTo(ByteBuffer.wrap(problem.toJson()));
        assertThat(response.problem()).isSameAs(problem);
    }

    @Test
    void aBodyMayBeJustAsLongAsTheLimit() {
        Subresponse response = single((id, sink) -> {
            sink.head(200, Headers.empty());
            sink.data(TestBatch.bytes(99));
            sink.data(TestBatch.bytes(1));
            sink.complete();
        });
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().remaining()).isEqualTo(100);
    }

    @Test
    void aBodyThatIsTooLongIs507KeepsItsCookiesAndFailsTheWrite() {
        List<Throwable> thrown = new ArrayList<>();
        Subresponse response = single((id, sink) -> {
            sink.head(200, Headers.of("Set-Cookie", "a=b", "ETag", "1"));
            sink.data(TestBatch.bytes(100));
            for (int i = 0; i < 2; i++) {
                try {
                    sink.data(TestBatch.bytes(1));
                } catch (IOException e) {
                    thrown.add(e);
                }
            }
            sink.complete();
        });
        assertThat(response.status()).isEqualTo(507);
        assertThat(response.headers().names()).containsExactly("set-cookie", "content-type");
        assertThat(Plans.problem(response).detail())
                .isEqualTo("The answer to item 'a' is longer than 100 bytes (maxResponseBytes)");
        assertThat(thrown).hasSize(2);
    }

    @Test
    void theItemsOfABatchShareTheEnvelopeAndOneThatDoesNotFitGivesItsRoomBack() {
        try (TestBatch batch = new TestBatch((id, sink) -> {
            sink.head(200, Headers.empty());
            sink.data(TestBatch.bytes(90));
            sink.data(TestBatch.bytes(id.equals("f") ? 10 : 5));
            sink.complete();
        })) {
            List<Subresponse> responses = batch.run("PUT a", "PUT b", "PUT c", "PUT d", "PUT e", "PUT f");
            assertThat(responses).extracting(Subresponse::status).containsExactly(200, 200, 200, 200, 200, 507);
            assertThat(Plans.problem(responses.get(5)).detail()).contains("maxEnvelopeBytes");
            assertThat(batch.filterBudget.heldBytes()).isEqualTo(475);
            batch.budget.close();
            assertThat(batch.filterBudget.heldBytes()).isZero();
        }
    }

    @Test
    void aHeaderTakesRoomToo() {
        Subresponse response = single((id, sink) -> {
            sink.head(200, Headers.of("A", "x".repeat(500)));
            assertThatThrownBy(() -> sink.data(TestBatch.bytes(1))).isInstanceOf(IOException.class);
            sink.complete();
        });
        assertThat(response.status()).isEqualTo(507);
        assertThat(Plans.problem(response).detail()).contains("header of the answer to item 'a'");
    }

    @Test
    void anAnswerThatTheHostCutsOffIs502KeepsItsCookiesAndGivesItsRoomBack() {
        try (TestBatch batch = new TestBatch((id, sink) -> {
            sink.head(200, Headers.of("Set-Cookie", "a=b", "ETag", "1"));
            sink.data(TestBatch.bytes(50));
            sink.aborted(new IOException("planned"));
            sink.complete();
        })) {
            Subresponse response = batch.run("PUT a").get(0);
            assertThat(response.status()).isEqualTo(502);
            assertThat(Plans.problem(response).name()).isEqualTo("aborted-response");
            assertThat(response.headers().names()).containsExactly("set-cookie", "content-type");
            assertThat(batch.filterBudget.heldBytes()).isZero();
        }
    }

    @Test
    void aDispatcherThatThrowsIsAHostThatCutsOff() {
        assertThat(single((id, sink) -> {
                            throw new IllegalStateException("planned");
                        })
                        .status())
                .isEqualTo(502);
    }

    @Test
    void whatComesAfterTheEndChangesNothing() {
        Subresponse response = single((id, sink) -> {
            TestBatch.ok(sink);
            sink.head(500, Headers.of("A", "1"));
            sink.aborted(new IOException("planned"));
            sink.complete();
            assertThatThrownBy(() -> sink.data(TestBatch.bytes(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("item 'a'");
        });
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers().size()).isZero();
    }

    @Test
    void afterTheBatchHasGivenUpWritesFailAndRoomIsGivenBack() throws Exception {
        try (TestBatch batch = new TestBatch((id, sink) -> TestBatch.ok(sink))) {
            ItemExchange exchange = exchange(batch);
            exchange.head(200, Headers.of("Set-Cookie", "a=b", "B", "2"));
            exchange.data(TestBatch.bytes(50));
            assertThat(batch.filterBudget.heldBytes()).isEqualTo(50 + 13 + 2 + 2 * Headers.BYTES_PER_FIELD);
            assertThat(exchange.giveUp().names()).containsExactly("set-cookie");
            assertThat(batch.filterBudget.heldBytes()).isZero();
            assertThat(exchange.giveUp().size()).isZero();
            assertThat(batch.filterBudget.heldBytes()).isZero();
            assertThatThrownBy(() -> exchange.data(TestBatch.bytes(1))).isInstanceOf(IOException.class);
            exchange.head(200, Headers.of("A", "1"));
            assertThat(batch.filterBudget.heldBytes()).isZero();
        }
    }

    /** It used to be run after its 504. */
    @Test
    void whatHasBeenGivenUpIsNotBegunAnyMore() {
        try (TestBatch batch = new TestBatch((id, sink) -> TestBatch.ok(sink))) {
            ItemExchange exchange = exchange(batch);
            exchange.giveUp();
            assertThat(exchange.begin()).isFalse();
            assertThat(exchange.hasBegun()).isFalse();

            ItemExchange begun = exchange(batch);
            assertThat(begun.begin()).isTrue();
            begun.giveUp();
            assertThat(begun.hasBegun()).isTrue();
        }
    }

    @Test
    void whatIsDispatchedAfterItWasGivenUpIsCancelledAtOnce() {
        try (TestBatch batch = new TestBatch((id, sink) -> TestBatch.ok(sink))) {
            List<String> cancelled = new ArrayList<>();
            ItemExchange late = exchange(batch);
            late.giveUp();
            late.cancel(new IOException("there is nothing to cancel yet"));
            late.dispatched(cause -> cancelled.add("late"));
            ItemExchange early = exchange(batch);
            early.dispatched(cause -> cancelled.add("early"));
            assertThat(cancelled).containsExactly("late");
            early.cancel(new IOException("planned"));
            assertThat(cancelled).containsExactly("late", "early");
        }
    }

    private static ItemExchange exchange(TestBatch batch) {
        return new ItemExchange(0, "a", batch.budget, 100, batch.begin("GET a"));
    }

    private static Subresponse single(TestBatch.Host host) {
        List<Throwable> failures = new ArrayList<>();
        try (TestBatch batch = new TestBatch((id, sink) -> record(failures, host, id, sink))) {
            Subresponse response = batch.run("PUT a").get(0);
            assertThat(failures).isEmpty();
            return response;
        }
    }

    /** An assertion that fails in the host must not pass for an answer that it cut off. */
    private static void record(List<Throwable> failures, TestBatch.Host host, String id, ResponseSink sink)
            throws Exception {
        try {
            host.handle(id, sink);
        } catch (AssertionError e) {
            failures.add(e);
        }
    }
}
