package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * What the comparison rests on: a request that is sent twice over the wire is answered the same twice. If this fails,
 * the host app or the comparison is at fault, not the batch.
 */
@Tag("container")
@Tag("equivalence")
class WireDeterminismIT {
    @AutoClose
    private static Laboratory laboratory;

    @BeforeAll
    static void start() throws IOException {
        laboratory = Laboratory.open(HostContainer.ofThisRun(), HostOptions.with(Map.of()));
    }

    @TestFactory
    Stream<DynamicTest> theWireAgreesWithItself() {
        return Stream.of(HandlerCases.all(), GeneratedCases.all())
                .flatMap(List::stream)
                .map(request -> DynamicTest.dynamicTest(request.name(), () -> {
                    HttpAnswer first = laboratory.overTheWire(request);
                    HttpAnswer second = laboratory.overTheWire(request);
                    assertThat(Appearance.of(second)).isEqualTo(Appearance.of(first));
                    assertThat(Appearance.cookies(second)).isEqualTo(Appearance.cookies(first));
                }));
    }
}
