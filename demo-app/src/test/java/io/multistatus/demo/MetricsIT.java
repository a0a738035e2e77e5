package io.multistatus.demo;

import static io.multistatus.demo.Visitor.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MetricsIT {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final Path DASHBOARD =
            Path.of(System.getProperty("basedir", ""), "..", "filter", "docs", "dashboards", "multistatus.json");

    /** A name with what chooses among its series, as in {@code rate(name{...}[5m])}. */
    private static final Pattern NAME = Pattern.compile("([a-z_]+)\\{instance=~");

    private static final Pattern SAMPLE = Pattern.compile("^([a-z_]+)(?:\\{.*})? [0-9.E+-]+$", Pattern.MULTILINE);

    private final Visitor visitor = demo.visitor();

    private String metrics() {
        HttpResponse<String> response = visitor.get("/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).startsWith("text/plain");
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
        return response.body();
    }

    private Set<String> names() {
        return SAMPLE.matcher(metrics())
                .results()
                .map(sample -> sample.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void batches() {
        assertThat(visitor.postJson("/batch", Banner.BATCH).statusCode()).isEqualTo(207);
        assertThat(visitor.postJson("/batch", "nonsense").statusCode()).isEqualTo(400);
    }

    @Test
    void batchesAndTheJvmAreMeasured() {
        batches();

        assertThat(metrics())
                .contains("multistatus_items_total{by=\"host\",problem=\"none\",setting=\"none\",status=\"2xx\"} ")
                .contains("multistatus_batches_refused_total{problem=\"malformed-batch\",setting=\"none\"} ");
        assertThat(names())
                .contains(
                        "multistatus_batch_duration_seconds_count",
                        "jvm_memory_used_bytes",
                        "jvm_threads_live_threads",
                        "jvm_buffer_count_buffers",
                        "process_files_open_files",
                        "jvm_gc_max_data_size_bytes");
    }

    @Test
    void everythingThatTheDashboardAsksForIsThere() throws IOException {
        batches();
        JsonNode dashboard = Visitor.parse(Files.readString(DASHBOARD));
        List<String> queries = dashboard.findValuesAsText("expr");
        Set<String> asked = queries.stream()
                .flatMap(query -> NAME.matcher(query).results().map(MatchResult::group))
                .map(name -> name.substring(0, name.indexOf('{')))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(queries).allMatch(query -> NAME.matcher(query).find());
        Set<String> measured = names();
        assertThat(measured).containsAll(asked);
        // And the other way round: a panel for every meter, by whatever of it.
        assertThat(measured.stream()
                        .filter(name -> name.startsWith("multistatus_"))
                        .map(MetricsIT::family))
                .allMatch(family -> asked.stream().map(MetricsIT::family).anyMatch(family::equals));
    }

    private static String family(String name) {
        return name.replaceFirst("_(count|sum|max|total)$", "");
    }

    @Test
    void itIsAnOrdinaryResource() {
        HttpResponse<String> batch =
                visitor.postJson("/batch", "{\"requests\":[{\"id\":1,\"method\":\"GET\",\"url\":\"/metrics\"}]}");

        assertThat(Envelope.statuses(batch)).containsExactly(200);
        assertThat(visitor.get("/metrics/more").statusCode()).isEqualTo(404);
    }
}
