package io.multistatus.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is handed out, with the agent of OpenTelemetry that most servers are watched by. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AgentIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    /** As the agent's exporter for logs writes them: name, trace, span, kind. */
    private static final Pattern SPAN = Pattern.compile("'([^']*)' : ([0-9a-f]{32}) [0-9a-f]{16} ([A-Z]+) ");

    @TempDir
    private Path temporary;

    /** A span, as far as it is looked at. */
    private record Seen(String name, String kind) {}

    @Test
    void itemsAreServedRequestsInTheTraceOfTheirBatch() throws Exception {
        Path log = temporary.resolve("log");
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-javaagent:" + System.getProperty("agent.jar"),
                        "-Dotel.traces.exporter=console",
                        "-Dotel.metrics.exporter=none",
                        "-Dotel.logs.exporter=none",
                        "-Djava.io.tmpdir=" + temporary,
                        "-jar",
                        System.getProperty("demo.jar"),
                        "--container",
                        RunningDemo.CONTAINER,
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Pattern url = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+");
            await().atMost(PATIENCE)
                    .until(() -> url.matcher(Files.readString(log, UTF_8)).find());
            String base = url.matcher(Files.readString(log, UTF_8))
                    .results()
                    .map(MatchResult::group)
                    .findFirst()
                    .orElseThrow();
            new Visitor(base).postJson("/batch", """
                    {"requests": [
                      {"id": "there", "method": "GET", "url": "/api/products/1"},
                      {"id": "missing", "method": "GET", "url": "/api/products/9999"},
                      {"id": "async", "method": "GET", "url": "/api/reports/daily"}]}
                    """, "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(spans(log)).hasSize(8));
            assertThat(spans(log))
                    .containsExactlyInAnyOrder(
                            new Seen("POST /*", "SERVER"),
                            new Seen("batch", "INTERNAL"),
                            new Seen("GET", "INTERNAL"),
                            new Seen("GET", "INTERNAL"),
                            new Seen("GET", "INTERNAL"),
                            new Seen("GET /api/products/*", "SERVER"),
                            new Seen("GET /api/products/*", "SERVER"),
                            new Seen("GET /api/reports/daily", "SERVER"));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Those of the trace, but for what the shop asks its database. */
    private static List<Seen> spans(Path log) throws IOException {
        return SPAN.matcher(Files.readString(log, UTF_8))
                .results()
                .filter(span -> span.group(2).equals(TRACE))
                .map(span -> new Seen(span.group(1), span.group(3)))
                .filter(span -> !span.kind().equals("CLIENT"))
                .toList();
    }
}
