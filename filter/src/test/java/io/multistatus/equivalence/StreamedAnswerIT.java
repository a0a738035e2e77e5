package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.BatchConfig;
import io.multistatus.support.Envelopes;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers that reach their client while the rest of the batch is at work. */
@Tag("container")
@Tag("equivalence")
class StreamedAnswerIT extends StreamContract {
    @Test
    void ninetyNineLinesArriveWhileOneItemIsAtWork() throws Exception {
        assertNinetyNineLinesBeforeTheLast(start(MIB, 3));
    }

    @Test
    void ninetyNineLinesArriveBehindAWrappedResponse() throws Exception {
        assertNinetyNineLinesBeforeTheLast(start(MIB, 3, new WrappingFilter()));
    }

    private void assertNinetyNineLinesBeforeTheLast(HandlerHost started) throws Exception {
        HttpResponse<Stream<String>> response = lines(post(started, NDJSON, batch(3, 100)));
        assertThat(response.statusCode()).isEqualTo(207);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(NDJSON);
        assertThat(response.headers().firstValue("Batch-Summary")).isEmpty();
        Iterator<String> lines = response.body().iterator();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 99; i++) {
            JsonNode line = Envelopes.parse(lines.next());
            assertThat(line.path("status").asInt()).isEqualTo(200);
            assertThat(line.path("cookies").asText()).isEqualTo("dropped");
            ids.add(line.path("id").asText());
        }
        assertThat(ids).hasSize(99).doesNotContain("3");
        assertThat(handled).hasValue(99);

        release.countDown();
        assertThat(Envelopes.parse(lines.next()).path("id").asText()).isEqualTo("3");
        JsonNode last = Envelopes.parse(lines.next());
        assertThat(last.path("status").asInt()).isEqualTo(207);
        assertThat(last.path("summary").path("succeeded").asInt()).isEqualTo(100);
        assertThat(lines).isExhausted();
    }

    @Test
    void partsArriveWhileOneItemIsAtWork() throws Exception {
        HandlerHost started = start(MIB, 3);
        HttpResponse<Stream<String>> response = lines(post(started, "multipart/mixed; stream=1", batch(0, 3)));
        Iterator<String> lines = response.body().iterator();
        List<String> seen = new ArrayList<>();
        while (seen.stream().filter(line -> line.startsWith("Content-ID:")).count() < 2) {
            seen.add(lines.next());
        }
        assertThat(seen)
                .contains("Content-ID: response-1", "Content-ID: response-2", "Batch-Cookies: dropped")
                .doesNotContain("Content-ID: response-0");
        assertThat(handled.get()).isLessThan(3);
        release.countDown();
        lines.forEachRemaining(seen::add);
        assertThat(seen).contains("Content-ID: response-0");
        assertThat(seen.get(seen.size() - 1)).matches("--batch_[-0-9a-f]+--");
    }

    /** What cannot be told apart by a Content-ID. */
    @Test
    void partsWithoutANameSayTheirPlace() throws Exception {
        HandlerHost started = start(MIB, 3);
        String part = "--b\r\nContent-Type: application/http\r\n\r\nGET /app/bytes\r\n\r\n";
        HttpRequest.Builder request = post(started, "multipart/mixed;stream=1", part + part + "--b--")
                .setHeader("Content-Type", "multipart/mixed;boundary=b");
        assertThat(lines(request).body()).contains("Batch-Index: 0", "Batch-Index: 1");
        request.setHeader("Accept", NDJSON);
        List<Integer> places = lines(request)
                .body()
                .map(Envelopes::parse)
                .filter(line -> line.has("index"))
                .map(line -> line.path("index").asInt())
                .toList();
        assertThat(places).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void lineBreaksInBodiesBecomeSpaces() throws Exception {
        HandlerHost started = start(MIB, 3);
        List<String> lines = lines(post(started, NDJSON, Envelopes.gets("/app/lines")))
                .body()
                .toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).endsWith("\"body\":{  \"a\" :  [1] }}");
    }

    @Test
    void anEmptyBatchIsOneLine() throws Exception {
        HandlerHost started = start(MIB, 3);
        List<String> lines =
                lines(post(started, NDJSON, Envelopes.batch())).body().toList();
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).startsWith("{\"status\":207,\"summary\":{\"total\":0");
    }

    @Test
    void aClientThatReadsSlowlyGetsAllAndHoldsUpNobody() throws Exception {
        assertThatASlowReaderGetsAll(start(4 * MIB, 256 * KIB));
    }

    @Test
    void aClientThatReadsSlowlyBehindAWrappedResponseGetsAll() throws Exception {
        assertThatASlowReaderGetsAll(start(4 * MIB, 256 * KIB, new WrappingFilter()));
    }

    private void assertThatASlowReaderGetsAll(HandlerHost started) throws Exception {
        try (SlowClient client = new SlowClient(started, batch(-1, 60))) {
            client.skipHead();
            // All that fits on the way is there, and no more begins.
            int before;
            do {
                before = handled.get();
                TimeUnit.MILLISECONDS.sleep(500);
            } while (handled.get() > before);
            assertThat(before).isLessThan(60);
            // Another client meanwhile.
            assertThat(lines(post(started, NDJSON, batch(-1, 2))).body()).hasSize(3);
            for (int i = 0; i < 60; i++) {
                assertThat(Envelopes.parse(client.lines.readLine())
                                .path("status")
                                .asInt())
                        .isEqualTo(200);
            }
            assertThat(client.lines.readLine()).contains("\"succeeded\":60");
            assertThat(client.lines.readLine()).isNull();
        }
    }

    /** Items get done all the while that the container says again and again that it takes more, or does not. */
    @Test
    void aClientThatReadsByFitsAndStartsGetsEachAnswerOnceAndWhole() throws Exception {
        HandlerHost started = start(
                BatchConfig.builder().maxRequests(ITEMS).listener(observer).build(), 3);
        Random random = new Random(20261126);
        int[] lengths = random.ints(ITEMS, 1, 24 * KIB).toArray();
        String batch = Envelopes.gets(
                IntStream.of(lengths).mapToObj(length -> "/app/sized/" + length).toArray(String[]::new));
        try (SlowClient client = new SlowClient(started, batch)) {
            client.skipHead();
            Set<Integer> ids = new HashSet<>();
            for (int i = 0; i < ITEMS; i++) {
                if (random.nextInt(20) == 0) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(20));
                }
                JsonNode line = Envelopes.parse(client.lines.readLine());
                int id = line.path("id").asInt();
                assertThat(ids.add(id)).isTrue();
                assertThat(line.path("body").asText()).hasSize(lengths[id]).containsOnlyOnce("x".repeat(lengths[id]));
            }
            assertThat(client.lines.readLine()).contains("\"succeeded\":" + ITEMS);
            assertThat(client.lines.readLine()).isNull();
        }
    }

    /** Whoever does not read must not make room for others to do the same, until there is none. */
    @Test
    void whatAClientHasNotTakenYetTakesUpRoom() throws Exception {
        HandlerHost started = start(
                BatchConfig.builder()
                        .maxBatchBytes(MIB)
                        .maxResponseBytes(13 * MIB)
                        .maxEnvelopeBytes(13 * MIB)
                        .maxBufferedBytes(20 * MIB)
                        .listener(observer)
                        .build(),
                12 * MIB);
        try (SlowClient client = new SlowClient(started, batch(-1, 1))) {
            client.skipHead();
            assertThat(observer.ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(lines(post(started, NDJSON, batch(-1, 1)))
                            .body()
                            .findFirst()
                            .orElseThrow())
                    .contains("\"status\":507");
            assertThat(Envelopes.parse(client.lines.readLine()).path("status").asInt())
                    .isEqualTo(200);
            assertThat(client.lines.readLine()).contains("\"succeeded\":1");
        }
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(lines(post(started, NDJSON, batch(-1, 1)))
                                        .body()
                                        .skip(1))
                                .containsExactly(
                                        "{\"status\":207,\"summary\":{\"total\":1,\"succeeded\":1,\"failed\":0,\"retryable\":[]}}"));
    }
}
