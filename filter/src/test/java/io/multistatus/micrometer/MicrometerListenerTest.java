package io.multistatus.micrometer;

import static io.multistatus.micrometer.Shop.DURATION;
import static io.multistatus.micrometer.Shop.answer;
import static io.multistatus.micrometer.Shop.batch;
import static io.multistatus.micrometer.Shop.item;
import static io.multistatus.micrometer.Shop.summary;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.multistatus.event.BatchEvent;
import io.multistatus.event.Caller;
import io.multistatus.event.ItemEvent;
import io.multistatus.event.RefusedBatchEvent;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.support.BatchEvents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MicrometerListenerTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerListener listener = new MicrometerListener(registry);
    private final BatchEvent batch = batch("b", 3, "application/json", false);

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    @Test
    void aBatchIsMeasuredByFormatAndWhetherItIsAJob() {
        BatchEvent job = batch("j", 5, "multipart/mixed", true);
        listener.batchBegun(batch);
        listener.batchBegun(job);
        listener.batchEnded(batch, summary(batch), DURATION);

        assertThat(registry.get("multistatus.batch.duration")
                        .tags("format", "json", "job", "false")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(20);
        assertThat(registry.get("multistatus.batch.items")
                        .tags("format", "multipart", "job", "true")
                        .summary()
                        .max())
                .isEqualTo(5);
        assertThat(registry.get("multistatus.batch.bytes")
                        .tags("format", "json")
                        .summary()
                        .totalAmount())
                .isEqualTo(1000);
        assertThat(registry.find("multistatus.batch.duration").timers()).hasSize(1);
    }

    @Test
    void anItemIsCountedByItsStatusAndByWhoAnsweredIt() {
        listener.batchBegun(batch);
        ItemEvent host = item(batch, 0, "GET", "/a");
        listener.itemBegun(host);
        listener.itemEnded(host, answer(404, 12), DURATION);
        ItemEvent endpoint = item(batch, 1, "GET", "/a");
        listener.itemBegun(endpoint);
        listener.itemEnded(
                endpoint, Subresponse.of(Problem.of(504, "timeout", "Too slow").limitedBy("itemTimeout")), DURATION);
        ItemEvent refused = item(batch, 2, "GET", "/a");
        listener.itemRefused(refused, answer(429, 0));
        listener.itemEnded(refused, answer(429, 0), Duration.ZERO);

        assertThat(count("multistatus.items", "status", "4xx", "by", "host", "problem", "none", "setting", "none"))
                .isEqualTo(1);
        assertThat(count(
                        "multistatus.items",
                        "status",
                        "5xx",
                        "by",
                        "endpoint",
                        "problem",
                        "timeout",
                        "setting",
                        "itemTimeout"))
                .isEqualTo(1);
        assertThat(count("multistatus.items", "status", "4xx", "by", "listener"))
                .isEqualTo(1);
        assertThat(registry.get("multistatus.item.duration")
                        .tag("status", "4xx")
                        .timer()
                        .count())
                .as("that was not dispatched has no duration")
                .isEqualTo(1);
        assertThat(registry.get("multistatus.item.response.bytes")
                        .tag("status", "4xx")
                        .summary()
                        .totalAmount())
                .isEqualTo(12);
    }

    @Test
    void aRefusedBatchIsCountedByProblemAndLimit() {
        listener.batchRefused(new RefusedBatchEvent(
                "/batch",
                BatchEvents.NOBODY,
                Problem.of(413, "too-many-requests", "Too many").limitedBy("maxRequests")));
        listener.batchRefused(
                new RefusedBatchEvent("/batch", BatchEvents.NOBODY, Problem.of(415, "unsupported-media-type", "No")));

        assertThat(count("multistatus.batches.refused", "problem", "too-many-requests", "setting", "maxRequests"))
                .isEqualTo(1);
        assertThat(count("multistatus.batches.refused", "problem", "unsupported-media-type", "setting", "none"))
                .isEqualTo(1);
    }

    /** Or the first one would be no increase. */
    @Test
    void whatHasALimitIsCountedFromZero() {
        listener.filterStarted(new Shop.State(1));

        Set<String> settings = new TreeSet<>();
        registry.find("multistatus.batches.refused").counters().forEach(each -> {
            assertThat(each.count()).isZero();
            settings.add(each.getId().getTag("setting"));
        });
        registry.find("multistatus.items").counters().forEach(each -> {
            assertThat(each.count()).isZero();
            settings.add(each.getId().getTag("setting"));
        });
        assertThat(settings).isEqualTo(new TreeSet<>(KnownValues.SETTINGS));
        assertThat(registry.find("multistatus.items").counters())
                .extracting(each -> each.getId().getTag("problem"))
                .isSubsetOf(KnownValues.PROBLEMS);
    }

    @Test
    void whatIsReplayedOrTriedAgainIsCounted() {
        Shop.tellOfEverything(listener);

        assertThat(count("multistatus.items.replayed")).isEqualTo(1);
        assertThat(count("multistatus.items.retried")).isEqualTo(1);
    }

    @Test
    void itemsRunFromTheirDispatchToTheirAnswerOrToTheNextTry() {
        listener.filterStarted(new Shop.State(1));
        listener.batchBegun(batch);
        ItemEvent first = item(batch, 0, "GET", "/a");
        ItemEvent second = item(batch, 1, "GET", "/a");
        listener.itemBegun(first);
        listener.itemBegun(second);
        assertThat(gauge("multistatus.items.running")).isEqualTo(2);
        listener.itemPostponed(second, answer(503, 0), DURATION);
        assertThat(gauge("multistatus.items.running")).isEqualTo(1);
        listener.itemEnded(second, answer(503, 0), Duration.ZERO);
        listener.itemEnded(first, answer(200, 0), DURATION);
        assertThat(gauge("multistatus.items.running")).isZero();
    }

    @Test
    void anItemThatWasRefusedOnceAndThenRunsIsTheHosts() {
        listener.filterStarted(new Shop.State(1));
        listener.batchBegun(batch);
        ItemEvent item = item(batch, 0, "GET", "/a");
        listener.itemRefused(item, answer(429, 0));
        listener.itemPostponed(item, answer(429, 0), DURATION);
        listener.itemBegun(item);
        assertThat(gauge("multistatus.items.running")).isEqualTo(1);
        listener.itemEnded(item, answer(200, 0), DURATION);
        assertThat(gauge("multistatus.items.running")).isZero();
        assertThat(registry.get("multistatus.items")
                        .tags("by", "host")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void anItemThatIsNeverHeardOfAgainEndsWithItsBatch() {
        listener.filterStarted(new Shop.State(1));
        listener.batchBegun(batch);
        listener.itemBegun(item(batch, 0, "GET", "/a"));
        listener.batchEnded(batch, summary(batch), DURATION);
        assertThat(gauge("multistatus.items.running")).isZero();
    }

    /** Its time is up between being decided on and being dispatched. */
    @Test
    void anItemThatHasEndedDoesNotRunAfterwards() {
        listener.filterStarted(new Shop.State(1));
        listener.batchBegun(batch);
        ItemEvent late = item(batch, 0, "GET", "/a");
        listener.itemEnded(late, answer(504, 0), Duration.ZERO);
        listener.itemBegun(late);
        assertThat(gauge("multistatus.items.running")).isZero();
    }

    @Test
    void twoFiltersAreOneSumAndLeaveNothingBehind() {
        Shop.State first = new Shop.State(1);
        Shop.State second = new Shop.State(20);
        MicrometerListener other = new MicrometerListener(registry);
        listener.filterStarted(first);
        other.filterStarted(second);
        other.batchBegun(batch);
        other.itemBegun(item(batch, 0, "GET", "/a"));

        assertThat(gauge("multistatus.batches.live")).isEqualTo(21);
        assertThat(gauge("multistatus.buffered.bytes")).isEqualTo(210);
        assertThat(gauge("multistatus.buffered.max.bytes")).isEqualTo(2100);
        assertThat(gauge("multistatus.items.abandoned")).isEqualTo(42);
        assertThat(gauge("multistatus.jobs.queued")).isEqualTo(63);
        assertThat(gauge("multistatus.jobs.running")).isEqualTo(84);
        assertThat(gauge("multistatus.items.running")).isEqualTo(1);

        listener.filterStopped(first);
        assertThat(gauge("multistatus.batches.live")).isEqualTo(20);
        other.filterStopped(second);
        assertThat(registry.getMeters()).noneMatch(meter -> meter.getId().getType() == Meter.Type.GAUGE);

        listener.filterStarted(first);
        assertThat(gauge("multistatus.batches.live")).isEqualTo(1);
    }

    @Test
    void oneListenerOfTwoFiltersCountsItsItemsOnce() {
        listener.filterStarted(new Shop.State(1));
        listener.filterStarted(new Shop.State(2));
        listener.batchBegun(batch);
        listener.itemBegun(item(batch, 0, "GET", "/a"));
        assertThat(gauge("multistatus.items.running")).isEqualTo(1);
    }

    @Test
    void withoutARegistryItMeasuresInTheGlobalOne() {
        Metrics.addRegistry(registry);
        try {
            new MicrometerListener().batchBegun(batch);
            assertThat(registry.get("multistatus.batch.items").summary().count())
                    .isEqualTo(1);
        } finally {
            Metrics.removeRegistry(registry);
            Metrics.globalRegistry.clear();
        }
    }

    @Test
    void nothingThatAClientSendsOrAnAppAnswersMakesATagValue() {
        Random random = new Random(1);
        tellOfRandomThings(random);
        Map<String, Set<String>> before = tagValues();
        for (int i = 0; i < 2000; i++) {
            tellOfRandomThings(random);
        }
        assertThat(registry.getMeters()).hasSizeLessThan(60);
        tagValues().forEach((key, values) -> assertThat(KNOWN.get(key)).as(key).containsAll(values));
        assertThat(before.keySet()).isEqualTo(tagValues().keySet());
    }

    private static final Map<String, List<String>> KNOWN = Map.of(
            "format", List.of("json", "multipart", "other"),
            "job", List.of("true", "false"),
            "status", List.of("1xx", "2xx", "3xx", "4xx", "5xx", "other"),
            "by", List.of("host", "endpoint", "listener"),
            "problem", List.of("none", "other"),
            "setting", List.of("none", "other"));

    private void tellOfRandomThings(Random random) {
        String text = Long.toString(random.nextLong(), 36);
        BatchEvent any = batch("r" + text, 1, "x/" + text, random.nextBoolean());
        listener.batchBegun(any);
        ItemEvent item = item(any, 0, "M" + text, "/" + text + "?" + text);
        listener.itemBegun(item);
        Problem problem = Problem.of(400 + random.nextInt(200), text, text)
                .detail(text)
                .with("limit", random.nextInt())
                .limitedBy(text);
        Subresponse answer = random.nextBoolean()
                ? answer(200 + random.nextInt(400), random.nextInt(100), "X-" + text, text)
                : Subresponse.of(problem);
        listener.itemEnded(item, answer, Duration.ofNanos(1 + random.nextInt(1000)));
        listener.batchRefused(new RefusedBatchEvent("/" + text, new Caller(text, text), problem));
        listener.batchEnded(any, summary(any), DURATION);
    }

    private Map<String, Set<String>> tagValues() {
        Map<String, Set<String>> values = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            for (Tag tag : meter.getId().getTags()) {
                values.computeIfAbsent(tag.getKey(), key -> new TreeSet<>()).add(tag.getValue());
            }
        }
        return values;
    }
}
