package io.multistatus.demo.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Compares requests alone with batches of the same requests, in turns, and prints what both cost. Fails if any answer is
 * wrong, never because of speed: numbers depend on the machine, and on what else it is doing.
 *
 * <p>Settings are system properties: {@code load.rounds}, {@code load.seconds} (of each half of a round),
 * {@code load.warmup} (seconds), {@code load.batch} (items of a batch), {@code load.container} (which to run in, separated
 * by commas), {@code load.server} (arguments for the server's JVM, separated by spaces).
 */
final class LoadComparison {
    private static final int CONNECTIONS_ALONE = 6;
    private static final int CONNECTIONS_OF_BATCHES = 4;
    private static final Duration WARM_UP_STRETCH = Duration.ofSeconds(2);
    private static final Duration SLACK = Duration.ofSeconds(60);

    /** Both halves of a round. */
    private record Round(Sample alone, Sample batched) {
        double throughputRatio() {
            return batched.perSecond() / alone.perSecond();
        }

        double cpuRatio() {
            return batched.serverMillis() / alone.serverMillis();
        }
    }

    private LoadComparison() {}

    /** The one argument is the demo's jar. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> summaries = new ArrayList<>();
        for (String container : settings("load.container", ",")) {
            summaries.add(compare(Path.of(arguments[0]), container));
        }
        System.out.println();
        summaries.forEach(System.out::println);
    }

    /** Compares in one container, and sums up. */
    private static String compare(Path jar, String container) throws IOException, InterruptedException {
        int rounds = Integer.getInteger("load.rounds", 5);
        Duration stretch = Duration.ofSeconds(Integer.getInteger("load.seconds", 4));
        Duration warmUp = Duration.ofSeconds(Integer.getInteger("load.warmup", 30));
        int subrequests = Integer.getInteger("load.batch", 100);
        Duration longest = warmUp.plus(stretch.multipliedBy(2L * rounds)).plus(SLACK);
        try (ServerProcess server = new ServerProcess(jar, container, settings("load.server", " "), longest)) {
            Traffic alone = Traffic.alone(server.address(), CONNECTIONS_ALONE);
            Traffic batches = Traffic.batches(server.address(), CONNECTIONS_OF_BATCHES, subrequests);
            for (Duration spent = Duration.ZERO;
                    spent.compareTo(warmUp) < 0;
                    spent = spent.plus(WARM_UP_STRETCH.multipliedBy(2))) {
                alone.run(WARM_UP_STRETCH);
                batches.run(WARM_UP_STRETCH);
            }
            printHead(server.container(), subrequests);
            List<Round> measured = new ArrayList<>();
            for (int i = 1; i <= rounds; i++) {
                Round round = new Round(Sample.take(alone, server, stretch), Sample.take(batches, server, stretch));
                print(Integer.toString(i), round);
                measured.add(round);
            }
            printMedians(measured);
            return summary(server.container(), measured);
        }
    }

    private static List<String> settings(String property, String separator) {
        return Stream.of(System.getProperty(property, "").split(separator))
                .filter(setting -> !setting.isBlank())
                .toList();
    }

    private static void printHead(String container, int subrequests) {
        System.out.printf(Locale.ROOT, """

                %s, GET /api/tiny: A = alone, %d connections; B = in batches of %d, %d connections
                        subrequests per second      server CPU ms / 1000        client CPU ms / 1000
                round        A        B    B/A         A        B    B/A             A        B
                """, container, CONNECTIONS_ALONE, subrequests, CONNECTIONS_OF_BATCHES);
    }

    private static void print(String name, Round round) {
        print(name, round, round.throughputRatio(), round.cpuRatio());
    }

    private static void printMedians(List<Round> rounds) {
        Round medians = new Round(median(rounds, Round::alone), median(rounds, Round::batched));
        print("median", medians, medianThroughput(rounds), medianCpu(rounds));
    }

    private static String summary(String container, List<Round> rounds) {
        return String.format(
                Locale.ROOT,
                "%s: in a batch a subrequest costs %.2f of the server's CPU time that it costs alone (%s), and %.1f times as many are served (%s).",
                container,
                medianCpu(rounds),
                spread(rounds.stream().map(Round::cpuRatio).toList()),
                medianThroughput(rounds),
                spread(rounds.stream().map(Round::throughputRatio).toList()));
    }

    /** Of the rounds' ratios, since both halves of a round had about the same machine. */
    private static double medianCpu(List<Round> rounds) {
        return median(rounds, Round::cpuRatio);
    }

    private static double medianThroughput(List<Round> rounds) {
        return median(rounds, Round::throughputRatio);
    }

    private static void print(String name, Round round, double throughput, double cpu) {
        System.out.printf(
                Locale.ROOT,
                "%6s  %7.0f  %7.0f  %5.2f   %7.1f  %7.1f  %5.3f       %7.1f  %7.1f%n",
                name,
                round.alone().perSecond(),
                round.batched().perSecond(),
                throughput,
                round.alone().serverMillis(),
                round.batched().serverMillis(),
                cpu,
                round.alone().clientMillis(),
                round.batched().clientMillis());
    }

    private static Sample median(List<Round> rounds, Function<Round, Sample> half) {
        List<Sample> samples = rounds.stream().map(half).toList();
        return new Sample(
                median(samples, Sample::perSecond),
                median(samples, Sample::serverMillis),
                median(samples, Sample::clientMillis));
    }

    private static <T> double median(List<T> of, ToDoubleFunction<T> value) {
        double[] sorted = of.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String spread(List<Double> values) {
        double min = values.stream().mapToDouble(v -> v).min().orElse(Double.NaN);
        double max = values.stream().mapToDouble(v -> v).max().orElse(Double.NaN);
        return String.format(Locale.ROOT, "rounds: %.2f to %.2f", min, max);
    }
}
