package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Items of jobs behave as they would over the wire, although the request that they came with has been answered, and its connection
 * closed, when they run.
 */
@Tag("container")
@Tag("equivalence")
class JobEquivalenceIT {
    private static final List<String> KINDS =
            List.of("/secure", "/session", "/async/", "/error/", "/dispatch/", "/static.txt", "/stream/", "/gzip");

    @AutoClose
    private static Laboratory laboratory;

    @BeforeAll
    static void start() throws IOException {
        laboratory = Laboratory.open(HostContainer.ofThisRun(), HostOptions.with(Map.of("jobRetries", "0")));
    }

    @TestFactory
    Stream<DynamicTest> inAJob() {
        // Those that end their session, or change it, end what the job belongs to.
        return inJobs(
                laboratory,
                HandlerCases.all().stream()
                        .filter(request -> request.session() != RequestCase.SessionNeed.OWN)
                        .filter(request -> KINDS.stream().anyMatch(request.target()::contains))
                        .toList());
    }

    @TestFactory
    Stream<DynamicTest> overTls() throws IOException {
        Laboratory secure = Laboratory.open(
                HostContainer.ofThisRun(),
                HostOptions.with(Map.of("jobRetries", "0")).overTls());
        return inJobs(secure, HandlerCases.echoesOverTls()).onClose(() -> close(secure));
    }

    private static Stream<DynamicTest> inJobs(Laboratory lab, List<RequestCase> requests) {
        WireAnswers wire = new WireAnswers(lab);
        return MixedBatch.of(requests).stream()
                .flatMap(mixed -> mixed.requests().stream()
                        .map(request -> dynamicTest(request.name(), () -> {
                            HttpAnswer alone = wire.of(request).answer();
                            BatchAnswer job = mixed.answerAsJob(lab);
                            ItemAnswer item = job.item(mixed.idOf(request));
                            assertThat(Appearance.of(item, job.http().clientPort()))
                                    .as("%s as an item of a job (the wire is what is expected)", request.name())
                                    .isEqualTo(Appearance.of(alone, item.body()));
                        })));
    }

    private static void close(Laboratory lab) {
        try {
            lab.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
