package io.multistatus.modes;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.execution.ExecutionMode;
import io.multistatus.model.Subresponse;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * At every moment of a batch exactly those items run that its mode lets run: in {@code parallel} all that no dependency holds
 * back, up to {@code maxConcurrency}; in {@code sequential} one; in {@code ordered} safe ones side by side, and others alone.
 */
class ExecutionModesIT {
    private static final int MAX_CONCURRENCY = 4;

    private static volatile Schedule schedule;
    private static TestServer server;

    @BeforeContainer
    static void start() throws Exception {
        server = TestServer.create()
                .batch(config -> config.maxConcurrency(MAX_CONCURRENCY).listener(new Ends()))
                .servlet(
                        "/steps/*",
                        (request, response) -> response.setStatus(schedule.entered(
                                Integer.parseInt(request.getPathInfo().substring(1)))))
                .start();
    }

    @AfterContainer
    static void stop() throws Exception {
        server.close();
    }

    private static final class Ends implements BatchListener {
        @Override
        public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
            schedule.ended(item.request().index());
        }
    }

    private record Draft(boolean safe, boolean fails, List<Integer> back) {}

    @Provide
    Arbitrary<List<Schedule.Step>> batches() {
        return Combinators.combine(
                        Arbitraries.of(true, true, false),
                        Arbitraries.of(false, false, false, false, true),
                        Arbitraries.integers().between(1, 6).list().ofMaxSize(2))
                .as(Draft::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(10)
                .map(ExecutionModesIT::steps);
    }

    private static List<Schedule.Step> steps(List<Draft> drafts) {
        List<Schedule.Step> steps = new ArrayList<>();
        for (Draft draft : drafts) {
            TreeSet<Integer> dependsOn = draft.back().stream()
                    .map(back -> steps.size() - back)
                    .filter(before -> before >= 0)
                    .collect(Collectors.toCollection(TreeSet::new));
            steps.add(new Schedule.Step(draft.safe(), draft.fails(), List.copyOf(dependsOn)));
        }
        return steps;
    }

    @Property(tries = 300)
    void thoseItemsRunThatMay(
            @ForAll("batches") List<Schedule.Step> steps,
            @ForAll ExecutionMode mode,
            @ForAll boolean stopOnError,
            @ForAll Random chance)
            throws Exception {
        Schedule expected = new Schedule(steps, mode, stopOnError, MAX_CONCURRENCY);
        schedule = expected;
        CompletableFuture<HttpResponse<String>> response = server.postAsync(
                Envelopes.batch(json(steps)),
                "Prefer",
                "execution=" + mode.name().toLowerCase(Locale.ROOT) + ", continue-on-error=" + !stopOnError);

        while (expected.step(chance.nextInt())) {
            // One more handler returns.
        }

        List<Integer> statuses = Envelopes.statuses(response.get(60, TimeUnit.SECONDS));
        assertThat(expected.violations()).isEmpty();
        assertThat(statuses).isEqualTo(expected.statuses());
    }

    private static String[] json(List<Schedule.Step> steps) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            String dependsOn = steps.get(i).dependsOn().stream()
                    .map(before -> "\"" + before + "\"")
                    .collect(Collectors.joining(",", "[", "]"));
            items.add("{\"id\":\"%d\",\"method\":\"%s\",\"url\":\"/steps/%d\",\"dependsOn\":%s}"
                    .formatted(i, steps.get(i).safe() ? "GET" : "PUT", i, dependsOn));
        }
        return items.toArray(String[]::new);
    }
}
