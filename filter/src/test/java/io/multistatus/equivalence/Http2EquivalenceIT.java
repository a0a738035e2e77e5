package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The one law, where batch and single requests come over HTTP/2: on one connection, as clients do it. */
@Tag("container")
@Tag("equivalence")
class Http2EquivalenceIT {
    private static final HostContainer CONTAINER = HostContainer.ofThisRun();
    private static final List<RequestCase> CASES = HandlerCases.all(HostOptions.Protocol.HTTP_2);
    /** Jetty resets a stream now and then when it has sent an error page; the same request is answered the next time. */
    private static final int ATTEMPTS = 5;

    private static final Field PARALLEL = new Field("Prefer", "execution=parallel");

    @AutoClose
    private static Laboratory laboratory;

    private static WireAnswers wire;

    @BeforeAll
    static void start() throws IOException {
        HostOptions options = HostOptions.with(Map.of()).overHttp2();
        laboratory = Laboratory.open(CONTAINER, CONTAINER.servesHttp2BehindProxy() ? options : options.withoutProxy());
        wire = new WireAnswers(laboratory, ATTEMPTS);
    }

    @AfterAll
    static void keep() throws IOException {
        TestRun.save(laboratory);
    }

    @Test
    void itIsHttp2() throws IOException {
        HttpAnswer alone = laboratory.overTheWire(RequestCase.get("/app/echo"));
        assertThat(alone.text()).containsPattern("protocol: HTTP/2(\\.0)?\n");
    }

    @TestFactory
    Stream<DynamicTest> aloneInABatch() {
        return CASES.stream()
                .map(request -> dynamicTest(request.name(), () -> {
                    HttpAnswer alone = wire.of(request).answer();
                    BatchAnswer batch = laboratory.inOneBatch(List.of(request));
                    assertSame(request, batch, batch.item("0"), alone);
                    assertThat(Appearance.cookies(batch.http())).isEqualTo(Appearance.cookies(alone));
                }));
    }

    @TestFactory
    Stream<DynamicTest> mixedWithOthersInParallel() {
        return MixedBatch.of(CASES).stream()
                .flatMap(mixed -> mixed.requests().stream()
                        .map(request -> dynamicTest(request.name(), () -> {
                            BatchAnswer batch = mixed.answer(laboratory, PARALLEL);
                            assertSame(
                                    request,
                                    batch,
                                    batch.item(mixed.idOf(request)),
                                    wire.of(request).answer());
                        })));
    }

    private static void assertSame(RequestCase request, BatchAnswer batch, ItemAnswer item, HttpAnswer alone) {
        assertThat(Appearance.of(item, batch.http().clientPort()))
                .as("%s as an item (the wire is what is expected; broken by: %s)", request.name(), alone.broken())
                .isEqualTo(Appearance.of(alone, item.body()));
        TestRun.compared(laboratory.protocol());
    }
}
