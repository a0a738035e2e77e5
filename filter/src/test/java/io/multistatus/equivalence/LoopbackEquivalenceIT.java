package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The one law for {@code dispatcher=loopback}: what goes over the wire is answered as on the wire. Left out of the
 * comparison is what no connection of the server's own can have of the client's, or adds to say so: the client's port, and
 * the fields {@code Batch-Loopback} and {@code X-Forwarded-For} where a handler tells of them. The client's address is
 * compared: the host believes {@code X-Forwarded-For}. Not run over TLS, where loopback goes elsewhere.
 */
@Tag("container")
class LoopbackEquivalenceIT {
    private static final HostContainer CONTAINER = HostContainer.ofThisRun();
    private static final Map<String, String> LOOPBACK = Map.of("dispatcher", "loopback");
    private static final Field PARALLEL = new Field("Prefer", "execution=parallel");
    private static final Pattern REMOTE_PORT = Pattern.compile("(?m)^remotePort: \\d+$");
    private static final Pattern FIELDS_OF_THE_HOP =
            Pattern.compile("(?im)^header (Batch-Loopback|X-Forwarded-For): .*\n");

    @AutoClose
    private static Laboratory laboratory;

    private static WireAnswers wire;

    @BeforeAll
    static void start() throws IOException {
        laboratory = Laboratory.open(CONTAINER, HostOptions.with(LOOPBACK));
        wire = new WireAnswers(laboratory);
    }

    @TestFactory
    Stream<DynamicTest> aloneInABatch() {
        return Stream.of(HandlerCases.all(), GeneratedCases.all())
                .flatMap(List::stream)
                .map(request -> dynamicTest(request.name(), () -> {
                    WireAnswers.Seen alone = wire.of(request);
                    long before = laboratory.requestsSeen();
                    BatchAnswer batch = laboratory.inOneBatch(List.of(request));
                    long seen = laboratory.requestsSeen() - before;

                    assertSame(request, batch, batch.item("0"), alone.answer());
                    assertThat(Appearance.cookies(batch.http())).isEqualTo(Appearance.cookies(alone.answer()));
                    assertThat(seen)
                            .as("requests seen, the batch's own among them")
                            .isEqualTo(alone.requestsSeen() + 1);
                }));
    }

    @TestFactory
    Stream<DynamicTest> mixedWithOthersInParallel() {
        return mixed(laboratory, wire, HandlerCases.all());
    }

    /** Each item takes a thread of the container, and the batch must not hold the one it waits for. */
    @TestFactory
    Stream<DynamicTest> inAContainerOfFewThreads() throws IOException {
        Laboratory small = Laboratory.open(CONTAINER, HostOptions.with(LOOPBACK).withMaxThreads(5));
        List<RequestCase> needy = HandlerCases.all().stream()
                .filter(request -> Stream.of("/async/", "/nio/", "/stream/").anyMatch(request.target()::contains))
                .toList();
        return mixed(small, new WireAnswers(small), needy).onClose(() -> {
            try {
                small.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void overTlsItSaysWhatItNeeds() throws IOException {
        try (Laboratory secure =
                Laboratory.open(CONTAINER, HostOptions.with(LOOPBACK).overTls())) {
            BatchCall call = new BatchCall("/app/batch");
            call.item("0", RequestCase.get("/app/echo"));
            HttpAnswer answer = call.exchange(secure.client());

            assertThat(answer.status()).isEqualTo(501);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                    .contains("urn:multistatus:loopback-url-needed")
                    .contains("loopbackUrl");
        }
    }

    @Test
    void overTlsItTalksToWhomTheCertificateIsFor() throws IOException, NoSuchAlgorithmException {
        SSLContext before = SSLContext.getDefault();
        try (HostContainer.Host secure =
                        CONTAINER.start(HostOptions.with(Map.of()).overTls());
                Laboratory front = Laboratory.open(
                        CONTAINER,
                        HostOptions.with(Map.of(
                                "dispatcher", "loopback", "loopbackUrl", "https://127.0.0.1:" + secure.port())))) {
            RequestCase request = RequestCase.get("/app/echo");
            assertThat(front.inOneBatch(List.of(request)).item("0").aborted())
                    .as("an unknown certificate")
                    .isTrue();

            SSLContext.setDefault(TestCertificate.trustingContext());
            ItemAnswer answer = front.inOneBatch(List.of(request)).item("0");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(new String(answer.body().bytes(), StandardCharsets.UTF_8))
                    .contains("secure: true")
                    .contains("remoteAddr: 127.0.0.1");
        } finally {
            SSLContext.setDefault(before);
        }
    }

    private static Stream<DynamicTest> mixed(Laboratory lab, WireAnswers wireAnswers, List<RequestCase> requests) {
        return MixedBatch.of(requests).stream()
                .flatMap(mixed -> mixed.requests().stream()
                        .map(request -> dynamicTest(request.name(), () -> {
                            HttpAnswer alone = wireAnswers.of(request).answer();
                            BatchAnswer batch = mixed.answer(lab, PARALLEL);
                            assertSame(request, batch, batch.item(mixed.idOf(request)), alone);
                        })));
    }

    private static void assertSame(RequestCase request, BatchAnswer batch, ItemAnswer item, HttpAnswer alone) {
        assertThat(Appearance.of(item, batch.http().clientPort(), LoopbackEquivalenceIT::withoutTheHop))
                .as("%s as an item (the wire is what is expected)", request.name())
                .isEqualTo(Appearance.of(alone, item.body(), LoopbackEquivalenceIT::withoutTheHop));
    }

    private static String withoutTheHop(String body) {
        return FIELDS_OF_THE_HOP
                .matcher(REMOTE_PORT.matcher(body).replaceAll("remotePort: *"))
                .replaceAll("");
    }
}
