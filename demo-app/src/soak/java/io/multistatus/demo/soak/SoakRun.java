package io.multistatus.demo.soak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The demo under mixed load with faults, in rounds; between them nobody asks it for anything, and it must then be as it was
 * after the first one.
 *
 * <p>System properties: {@code soak.minutes} of load for each container, in {@code soak.rounds}, 3 or more; {@code soak.containers} separated by commas,
 * {@code demo.jar}, {@code soak.directory} for figures and logs.
 */
class SoakRun {
    private static final Path DIRECTORY = Path.of(System.getProperty("soak.directory"));
    private static final int ROUNDS = Integer.parseInt(System.getProperty("soak.rounds"));

    /** Longer than an item may take, so that its handler is left behind. */
    private static final int HANG_MILLIS = 2 * DemoProcess.ITEM_TIMEOUT_MILLIS;

    private static final int BURST_MILLIS = 1000;
    private static final int KINDS = 20;

    /** What caches, pools and compiled code may still take when all have been warm for one round. */
    private static final double HEAP_RATIO = 1.25;

    private static final double SLOPE_RATIO = 1.1;
    private static final long SLACK_BYTES = 4L << 20;

    /** Some pools grow with what comes at once, and let threads go after a minute. */
    private static final int SLACK_THREADS = 16;

    private static final int SLACK_FILES = 4;
    private static final int SELECTORS_OF_A_THREAD = 3;

    /** What a stack trace in the log must have in it to be that of a fault that was made on purpose. */
    private static final List<String> EXPECTED_IN_LOG = List.of(
            "boom, as asked for",
            "TimeoutException: Item '",
            "The group of the batch has been given up",
            // Undertow ends what an asynchronous handler has written to an item that was given up.
            "ClosedChannelException");

    static Stream<String> containers() {
        return Stream.of(System.getProperty("soak.containers").split(","));
    }

    @BeforeAll
    static void makeRoom() throws Exception {
        Files.createDirectories(DIRECTORY);
    }

    @ParameterizedTest
    @MethodSource("containers")
    void nothingIsLeftBehindAndAllAnswersAreRight(String container) throws Exception {
        Duration round =
                Duration.ofMillis((long) (Double.parseDouble(System.getProperty("soak.minutes")) * 60_000) / ROUNDS);
        long seed = System.nanoTime();
        Tally tally = new Tally();
        List<Vitals> vitals = new ArrayList<>();
        try (DemoProcess demo = new DemoProcess(
                        Path.of(System.getProperty("demo.jar")), container, DIRECTORY.resolve(container + ".log"));
                VitalSigns signs = new VitalSigns(demo.pid(), demo.address())) {
            Load load = new Load(demo.address(), tally, HANG_MILLIS, seed);
            for (int i = 0; i < ROUNDS; i++) {
                if (i == 0) {
                    load.burst(2 * DemoProcess.THREADS, BURST_MILLIS);
                }
                load.run(round);
                vitals.add(signs.whenQuiet());
            }
            String figures = figures(demo.container(), round, seed, tally, vitals);
            System.out.println(figures);
            Files.writeString(DIRECTORY.resolve(container + ".txt"), figures, UTF_8);

            assertThat(demo.isAlive()).isTrue();
            assertThat(errors(demo)).as("unexpected errors in the log").isEmpty();
        }
        assertThat(tally.wrong()).isEmpty();
        assertThat(tally.visits().keySet()).as("kinds of visits").hasSizeGreaterThan(KINDS);
        // On a machine that is busy otherwise items are late, but a server that answers nothing in time is no server.
        assertThat(tally.itemsByStatus()).as("items by status").containsKey(504);
        assertThat(tally.late()).as("late items").isLessThan(tally.items() / 2);
        assertThat(tally.refused()).as("refused batches").isLessThan(tally.requests() / 2);
        assertNothingLeft(vitals);
    }

    private static void assertNothingLeft(List<Vitals> vitals) {
        Vitals warm = vitals.get(0);
        Vitals middle = vitals.get(ROUNDS / 2);
        Vitals last = vitals.get(ROUNDS - 1);
        assertThat(vitals)
                .as("what runs when nobody asks")
                .allMatch(each -> each.busy().isEmpty());
        assertThat(last.heap()).as("live heap").isLessThan((long) (HEAP_RATIO * warm.heap()) + SLACK_BYTES);
        assertThat(last.heap())
                .as("live heap since the middle")
                .isLessThan((long) (SLOPE_RATIO * middle.heap()) + SLACK_BYTES / 2);
        assertThat(last.direct()).as("direct buffers").isLessThan((long) (HEAP_RATIO * warm.direct()) + SLACK_BYTES);
        assertThat(last.mapped()).as("mapped buffers").isLessThanOrEqualTo(warm.mapped());
        assertThat(last.threadCount())
                .as("threads, %s before and %s now", warm.threads(), last.threads())
                .isLessThanOrEqualTo(warm.threadCount() + SLACK_THREADS);
        assertThat(last.sockets()).as("sockets").isLessThanOrEqualTo(warm.sockets() + SLACK_FILES);
        assertThat(last.files()).as("files").isLessThanOrEqualTo(warm.files() + SLACK_FILES);
        // XNIO keeps one, of two file descriptors, for each thread that has ever waited for a client.
        assertThat(last.selectors()).as("selectors").isLessThanOrEqualTo(SELECTORS_OF_A_THREAD * last.threadCount());
    }

    private static List<String> errors(DemoProcess demo) throws IOException {
        return demo.logged().stream()
                .filter(event -> event.lines().limit(1).anyMatch(line -> line.matches(".* ERROR .*|Exception in .*")))
                .filter(event -> EXPECTED_IN_LOG.stream().noneMatch(event::contains))
                .limit(5)
                .toList();
    }

    private static String figures(String container, Duration round, long seed, Tally tally, List<Vitals> vitals) {
        double seconds = round.toMillis() * ROUNDS / 1000.0;
        StringBuilder figures = new StringBuilder(String.format(
                Locale.ROOT,
                "%n%s: %.0f s of load in %d rounds, seed %d%n%d answers, %d items: %.0f items/s, %d late; %d batches refused for now%n",
                container,
                seconds,
                ROUNDS,
                seed,
                tally.requests(),
                tally.items(),
                tally.items() / seconds,
                tally.late(),
                tally.refused()));
        figures.append("answers by status: ").append(counts(tally.requestsByStatus()));
        figures.append("items by status:   ").append(counts(tally.itemsByStatus()));
        figures.append("visits by kind:    ").append(counts(tally.visits()));
        for (int i = 0; i < vitals.size(); i++) {
            figures.append("after round ")
                    .append(i + 1)
                    .append(": ")
                    .append(vitals.get(i))
                    .append('\n');
        }
        return figures.toString();
    }

    private static String counts(Map<?, Long> counts) {
        return counts.toString().replaceAll("[{}]", "") + "\n";
    }
}
