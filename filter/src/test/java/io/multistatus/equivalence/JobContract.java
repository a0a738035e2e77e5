package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.BatchConfig;
import io.multistatus.BatchConfigBuilder;
import io.multistatus.IdempotencyConfig;
import io.multistatus.IdempotencyFilter;
import io.multistatus.JobConfig;
import io.multistatus.support.Envelopes;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A host that takes batches as jobs, and what its clients do. */
abstract class JobContract extends KeyedRequestsContract {
    static final String RESPOND_ASYNC = "respond-async";
    static final String STATUS_VIEW = "application/json; view=status";

    HandlerHost startJobs(Consumer<JobConfig.Builder> settings, Filter... inFront) throws IOException {
        return startJobs(BatchConfig.builder().jobs(settings), inFront);
    }

    HandlerHost startJobs(BatchConfigBuilder config, Filter... inFront) throws IOException {
        handlers.putIfAbsent("quick", (request, response) -> {
            ran.incrementAndGet();
            response.setContentType("text/plain");
            response.getWriter().write("quick");
        });
        handlers.putIfAbsent("late", (request, response) -> {
            ran.incrementAndGet();
            release.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            response.setContentType("text/plain");
            response.getWriter().write("late");
        });
        IdempotencyFilter keys =
                new IdempotencyFilter(IdempotencyConfig.builder().build());
        HandlerHost started = HandlerHost.start(config.build(), handlers, List.of(inFront), List.of(keys));
        host = started;
        return started;
    }

    HttpResponse<String> postJob(String batch, String... fields) throws Exception {
        String[] all = Arrays.copyOf(fields, fields.length + 2);
        all[fields.length] = "Prefer";
        all[fields.length + 1] = RESPOND_ASYNC;
        return batch(batch, all);
    }

    /** Posts a job that is taken; returns where it can be asked for, from the host's root. */
    String accepted(String batch, String... fields) throws Exception {
        HttpResponse<String> response = postJob(batch, fields);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return location(response);
    }

    static String location(HttpResponse<String> response) {
        return response.headers().firstValue("Location").orElseThrow();
    }

    HttpRequest.Builder at(String location, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + host.port() + location))
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS));
        return fields.length == 0 ? request : request.headers(fields);
    }

    HttpResponse<String> get(String location, String... fields) throws Exception {
        return send(at(location, fields).GET());
    }

    HttpResponse<String> delete(String location, String... fields) throws Exception {
        return send(at(location, fields).DELETE());
    }

    JsonNode status(String location) throws Exception {
        return Envelopes.of(get(location, "Accept", STATUS_VIEW));
    }

    String state(String location) throws Exception {
        return status(location).path("state").asText();
    }

    void awaitState(String location, String state) {
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() -> state(location).equals(state));
    }

    /** Waits for its end. */
    HttpResponse<String> result(String location, String... fields) throws Exception {
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() -> get(location).statusCode() != 202);
        return get(location, fields);
    }

    /** What has failed, as it can be posted again. */
    String failed(String location) throws Exception {
        result(location);
        HttpResponse<String> response = get(location + "/failed");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    static List<String> ids(String batch) {
        List<String> ids = new ArrayList<>();
        Envelopes.parse(batch)
                .path("requests")
                .forEach(item -> ids.add(item.path("id").asText()));
        return ids;
    }
}
