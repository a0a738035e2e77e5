package io.multistatus.demo;

import static io.multistatus.demo.Visitor.header;
import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.demo.support.PostgresServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the page's bulk import does, with two shops on one PostgreSQL: one gets the jobs, the other is asked as well. */
class ImportJobsIT {
    private static final String URL = PostgresServer.urlOfNewDatabase();
    private static final int ROWS = 2000;
    private static final int ROWS_IN_A_JOB = 500;
    private static final String JSON = "application/json";

    @RegisterExtension
    static final RunningDemo one = new RunningDemo(URL);

    @RegisterExtension
    static final RunningDemo other = new RunningDemo(URL);

    private final Visitor atOne = one.visitor();
    private final Visitor atOther = other.visitor();

    @Test
    void deadLettersArePostedAgainUntilNoneIsLeftAndEveryRowIsThereOnce() {
        List<String> jobs = new ArrayList<>();
        for (int first = 1; first <= ROWS; first += ROWS_IN_A_JOB) {
            jobs.add(post(batch("jobs", first), "key-" + first));
        }
        for (int i = 0; i < jobs.size(); i++) {
            JsonNode status = lastStatus(i % 2 == 0 ? atOne : atOther, jobs.get(i));
            assertThat(status.get("total").intValue()).isEqualTo(ROWS_IN_A_JOB);
            assertThat(status.get("succeeded").intValue()).isEqualTo(ROWS_IN_A_JOB - 5);
            assertThat(status.get("failed").intValue()).isEqualTo(5);
        }
        assertThat(count("jobs")).contains("\"rows\":1980,\"distinct\":1980");

        for (int i = 0; i < jobs.size(); i++) {
            String key = "key-" + (1 + i * ROWS_IN_A_JOB);
            HttpResponse<String> failed = atOther.get(jobs.get(i) + "/failed");
            assertThat(json(failed).findValuesAsText("lastStatus"))
                    .containsOnly("500")
                    .hasSize(5);

            String again = post(failed.body(), key);

            assertThat(lastStatus(atOne, again).get("succeeded").intValue()).isEqualTo(5);
            assertThat(json(atOne.get(again + "/failed")).get("requests")).isEmpty();
        }
        assertThat(count("jobs")).contains("\"rows\":2000,\"distinct\":2000");
    }

    @Test
    void aJobThatIsPostedTwiceUnderOneKeyAddsItsRowsOnce() {
        String first = post(batch("twice", 1), "twice");
        assertThat(lastStatus(atOne, first).get("succeeded").intValue()).isEqualTo(ROWS_IN_A_JOB - 5);

        String second = post(batch("twice", 1), "twice");

        assertThat(second).isNotEqualTo(first);
        assertThat(lastStatus(atOne, second).get("succeeded").intValue()).isEqualTo(ROWS_IN_A_JOB);
        assertThat(count("twice")).contains("\"rows\":500,\"distinct\":500");
    }

    /** Where the job is. */
    private String post(String batch, String key) {
        HttpResponse<String> answer = atOne.postJson(
                "/batch",
                batch,
                "Prefer",
                "respond-async, execution=parallel",
                "Idempotency-Key",
                "\"" + key + "\"",
                "Accept",
                JSON);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(header(answer, "Location")).startsWith("/batch/jobs/");
        return header(answer, "Location");
    }

    /** What the last event says; all those before it must tell of progress. The stream ends by itself. */
    private static JsonNode lastStatus(Visitor visitor, String job) {
        HttpResponse<String> stream = visitor.get(job, "Accept", "text/event-stream");
        assertThat(header(stream, "Content-Type")).startsWith("text/event-stream");
        List<JsonNode> events = stream.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> Visitor.parse(line.substring("data: ".length())))
                .toList();
        List<String> names =
                stream.body().lines().filter(line -> line.startsWith("event: ")).toList();
        assertThat(names).hasSameSizeAs(events).last().isEqualTo("event: done");
        assertThat(names.subList(0, names.size() - 1)).allMatch("event: progress"::equals);
        assertThat(events)
                .extracting(event -> event.get("completed").intValue())
                .isSorted();
        JsonNode last = events.get(events.size() - 1);
        assertThat(last.get("state").asText()).isEqualTo("done");
        JsonNode polled = json(visitor.get(job, "Accept", JSON + "; view=status"));
        assertThat(polled.get("succeeded")).isEqualTo(last.get("succeeded"));
        return last;
    }

    private static String batch(String name, int first) {
        return IntStream.range(first, first + ROWS_IN_A_JOB)
                .mapToObj(number -> """
                        {"id": "row-%1$d", "method": "POST", "url": "/api/imports/%2$s/rows",
                         "body": {"number": %1$d, "sku": "S-%1$d", "priceCents": 1990}}""".formatted(number, name))
                .collect(Collectors.joining(",\n", "{\"requests\": [", "]}"));
    }

    private String count(String name) {
        return atOther.get("/api/imports/" + name).body();
    }
}
