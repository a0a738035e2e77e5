package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The one law (contract, section 0): a subrequest behaves exactly as if the same client had sent it alone over the wire.
 * Every request is sent over the wire once and in batches several times; status, headers, body and cookies have to be
 * the same, and the host has to have seen as many requests.
 */
@Tag("container")
@Tag("equivalence")
class WireEquivalenceIT {
    private static final HostContainer CONTAINER = HostContainer.ofThisRun();
    private static final List<RequestCase> CASES = Stream.concat(
                    HandlerCases.all().stream(), GeneratedCases.all().stream())
            .toList();
    private static final Field PARALLEL = new Field("Prefer", "execution=parallel");
    private static final Field SEQUENTIAL = new Field("Prefer", "execution=sequential");

    @AutoClose
    private static Laboratory laboratory;

    private static WireAnswers wire;

    @BeforeAll
    static void start() throws IOException {
        laboratory = Laboratory.open(CONTAINER, HostOptions.with(Map.of()));
        wire = new WireAnswers(laboratory);
    }

    @AfterAll
    static void keep() throws IOException {
        TestRun.save(laboratory);
    }

    @Test
    void runsOnTheVersionThatTheBuildAsksFor() {
        assertThat(CONTAINER.version())
                .as("version of %s; set system property host.version where Maven does not", CONTAINER.name())
                .isEqualTo(System.getProperty("host.version"));
    }

    @TestFactory
    Stream<DynamicTest> aloneInABatch() {
        return CASES.stream()
                .map(request -> dynamicTest(request.name(), () -> {
                    WireAnswers.Seen alone = wire.of(request);
                    long before = laboratory.requestsSeen();
                    BatchAnswer batch = laboratory.inOneBatch(List.of(request));
                    long seen = laboratory.requestsSeen() - before;

                    assertSame(laboratory, request, batch, batch.item("0"), alone.answer());
                    assertThat(Appearance.cookies(batch.http())).isEqualTo(Appearance.cookies(alone.answer()));
                    assertThat(seen)
                            .as("requests seen, the batch's own among them")
                            .isEqualTo(alone.requestsSeen() + 1);
                }));
    }

    @TestFactory
    Stream<DynamicTest> mixedWithOthersInParallel() {
        return mixed(laboratory, wire, shuffled(CASES), PARALLEL);
    }

    @TestFactory
    Stream<DynamicTest> mixedWithOthersInDocumentOrder() {
        return mixed(laboratory, wire, CASES);
    }

    @TestFactory
    Stream<DynamicTest> mixedWithOthersOneAtATime() {
        return mixed(laboratory, wire, shuffled(HandlerCases.all()), SEQUENTIAL);
    }

    @TestFactory
    Stream<DynamicTest> withAnOuterRequestThatAcceptsCompression() {
        Field accepts = new Field("Accept-Encoding", "gzip, deflate, br");
        return mixed(laboratory, wire, only("/gzip", "/echo", "/static.txt", "/etag"), accepts);
    }

    @Test
    void itemsStandInTheAccessLogAsTheyWouldAlone() throws IOException {
        try (Laboratory logging = Laboratory.open(CONTAINER, HostOptions.with(Map.of()))) {
            List<RequestCase> logged =
                    only("/secure", "/error/", "/static.txt", "/nothing-here", "/async/", "/status/").stream()
                            // Others wait for their time limits.
                            .filter(request -> !request.target().contains("timeout"))
                            .toList();
            for (RequestCase request : logged) {
                logging.overTheWire(request);
            }
            await().until(() -> logging.accessLog().size() == logged.size());
            List<String> overTheWire = logging.accessLog();
            for (MixedBatch batch : MixedBatch.of(logged)) {
                batch.answer(logging, PARALLEL);
            }
            await().until(() -> logging.accessLog().size() == 2 * logged.size());
            List<String> all = logging.accessLog();
            assertThat(all.subList(logged.size(), all.size())).containsExactlyInAnyOrderElementsOf(overTheWire);
        }
    }

    /** Items are asked for by name: those whose target contains one of {@code parts}. */
    private static List<RequestCase> only(String... parts) {
        Predicate<RequestCase> wanted = request -> Stream.of(parts).anyMatch(request.target()::contains);
        return HandlerCases.all().stream().filter(wanted).toList();
    }

    @TestFactory
    Stream<DynamicTest> overTls() throws IOException {
        Laboratory secure =
                Laboratory.open(CONTAINER, HostOptions.with(Map.of()).overTls());
        return mixed(secure, WireAnswers.steady(secure), HandlerCases.echoesOverTls(), PARALLEL)
                .onClose(() -> close(secure));
    }

    @TestFactory
    Stream<DynamicTest> inAContainerOfFewThreads() throws IOException {
        Laboratory small = Laboratory.open(CONTAINER, HostOptions.with(Map.of()).withMaxThreads(5));
        List<RequestCase> needy = only("/async/", "/nio/", "/stream/", "/dispatch/");
        return mixed(small, new WireAnswers(small), needy, PARALLEL).onClose(() -> close(small));
    }

    /** Each request in a batch with others, and the cookies of each batch. */
    private static Stream<DynamicTest> mixed(
            Laboratory lab, WireAnswers wireAnswers, List<RequestCase> requests, Field... outer) {
        return MixedBatch.of(requests).stream().flatMap(mixed -> {
            Stream<DynamicTest> items = mixed.requests().stream()
                    .map(request -> dynamicTest(request.name(), () -> {
                        HttpAnswer alone = wireAnswers.of(request).answer();
                        BatchAnswer batch = mixed.answer(lab, outer);
                        assertSame(lab, request, batch, batch.item(mixed.idOf(request)), alone);
                    }));
            DynamicTest cookies = dynamicTest("cookies of " + mixed, () -> {
                List<String> alone = mixed.requests().stream()
                        .map(wireAnswers::of)
                        .flatMap(seen -> Appearance.cookies(seen.answer()).stream())
                        .toList();
                assertThat(Appearance.cookies(mixed.answer(lab, outer).http())).isEqualTo(alone);
            });
            return Stream.concat(items, Stream.of(cookies));
        });
    }

    private static void assertSame(
            Laboratory lab, RequestCase request, BatchAnswer batch, ItemAnswer item, HttpAnswer alone) {
        assertThat(Appearance.of(item, batch.http().clientPort()))
                .as("%s as an item (the wire is what is expected)", request.name())
                .isEqualTo(Appearance.of(alone, item.body()));
        TestRun.compared(lab.protocol());
    }

    private static List<RequestCase> shuffled(List<RequestCase> requests) {
        List<RequestCase> shuffled = new ArrayList<>(requests);
        Collections.shuffle(shuffled, new Random(7));
        return shuffled;
    }

    private static void close(Laboratory lab) {
        try {
            lab.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
