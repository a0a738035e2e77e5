package io.multistatus.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.TracingChoice;
import io.multistatus.support.EchoedTrace;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether batches are traced that nobody has asked to be. */
@Tag("container")
class AutomaticTracingIT {
    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();

    @BeforeEach
    @AfterEach
    void forget() {
        GlobalOpenTelemetry.resetForTest();
    }

    @AfterEach
    void close() {
        sdk.close();
    }

    @Test
    void batchesAreTracedFromWhenThereIsSomethingToTraceWith() throws Exception {
        try (TestServer server =
                TestServer.create().batch().json("/ok", 200, "{}").start()) {
            server.post(Envelopes.gets("/ok"));
            // What asks for the global one too early makes this throw.
            GlobalOpenTelemetry.set(sdk);
            server.post(Envelopes.gets("/ok", "/ok"));
        }
        assertThat(exporter.getFinishedSpanItems()).hasSize(3);
    }

    @Test
    void whoeverHasAListenerOfTheirOwnIsNotTracedTwice() throws Exception {
        GlobalOpenTelemetry.set(sdk);
        try (TestServer server = TestServer.create()
                .batch(config -> config.listener(new TracingListener(sdk)))
                .json("/ok", 200, "{}")
                .start()) {
            server.post(Envelopes.gets("/ok"));
        }
        assertThat(exporter.getFinishedSpanItems()).hasSize(2);
    }

    @Test
    void offIsOff() throws Exception {
        GlobalOpenTelemetry.set(sdk);
        try (TestServer server = TestServer.create()
                .batch(config -> config.tracing(TracingChoice.OFF))
                .json("/ok", 200, "{}")
                .start()) {
            server.post(Envelopes.gets("/ok"));
        }
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void withoutTheApiAndWithoutMicrometerItemsInheritTheTraceAsItCame() throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("opentelemetry-") && !entry.contains("micrometer-"))
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        EchoedTrace.class.getName(),
                        TRACEPARENT)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(printed).isEqualTo(TRACEPARENT + System.lineSeparator());
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
