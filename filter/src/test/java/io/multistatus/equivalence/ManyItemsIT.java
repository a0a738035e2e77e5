package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Thousands of items at once, each with a mark of its own in all that it says, come back with that mark and no other. */
@Tag("container")
@Tag("equivalence")
class ManyItemsIT {
    private static final int BATCHES = 40;
    private static final int ITEMS = 100;
    /** So that the test says what is mixed, not how busy the machine is. */
    private static final int PATIENCE_SECONDS = 300;

    private static final Map<String, String> PATIENCE =
            Map.of("itemTimeout", PATIENCE_SECONDS + "s", "batchTimeout", PATIENCE_SECONDS + "s");
    private static final List<String> PATHS = List.of("/app/echo/", "/app/body/mirror", "/app/nio/mirror");

    @AutoClose
    private static Laboratory laboratory;

    @BeforeAll
    static void start() throws IOException {
        laboratory = Laboratory.open(HostContainer.ofThisRun(), HostOptions.with(PATIENCE));
    }

    @AfterAll
    static void keep() throws IOException {
        TestRun.save(laboratory);
    }

    @Test
    void fourThousandItemsComeBackUnmixed() throws Exception {
        List<HttpAnswer> alone = new ArrayList<>();
        for (String path : PATHS) {
            alone.add(laboratory.overTheWire(request(path, 0, 0)));
        }
        Laboratory patient = laboratory.waiting(PATIENCE_SECONDS * 1_000);
        ExecutorService clients = Executors.newFixedThreadPool(BATCHES);
        try {
            List<Future<BatchAnswer>> batches = new ArrayList<>();
            for (int batch = 0; batch < BATCHES; batch++) {
                List<RequestCase> items = new ArrayList<>();
                for (int item = 0; item < ITEMS; item++) {
                    items.add(request(PATHS.get(item % PATHS.size()), batch, item));
                }
                batches.add(clients.submit(() -> patient.inOneBatch(items, new Field("Prefer", "execution=parallel"))));
            }
            for (int batch = 0; batch < BATCHES; batch++) {
                assertUnmixed(batch, batches.get(batch).get(), alone);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static void assertUnmixed(int batch, BatchAnswer answer, List<HttpAnswer> alone) {
        for (int item = 0; item < ITEMS; item++) {
            ItemAnswer seen = answer.item(String.valueOf(item));
            HttpAnswer first = alone.get(item % PATHS.size());
            assertThat(Appearance.of(seen, answer.http().clientPort()))
                    .as("item %d of batch %d", item, batch)
                    .isEqualTo(Appearance.of(first, seen.body())
                            .replace(mark(0, 0), mark(batch, item))
                            .replace(mark(0), mark(batch)));
            TestRun.compared(laboratory.protocol());
        }
    }

    /** Says its mark in path, query, header and body, and that of its batch in a cookie. */
    private static RequestCase request(String path, int batch, int item) {
        String mark = mark(batch, item);
        String target = path.endsWith("/") ? path + mark : path;
        return RequestCase.of("POST", target + "?q=" + mark)
                .with("X-Mark", mark)
                .withOuter("Cookie", "batch=" + mark(batch))
                .body("application/x-www-form-urlencoded", ("b=" + mark).getBytes(StandardCharsets.US_ASCII));
    }

    /** As long as all others. */
    private static String mark(int batch, int item) {
        return "item-%03d-%03d".formatted(batch, item);
    }

    private static String mark(int batch) {
        return "batch-%03d".formatted(batch);
    }
}
