package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.multistatus.BatchConfig;
import io.multistatus.support.Envelopes;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs as their clients see them: accepted, asked for, cancelled, deleted. */
@Tag("container")
@Tag("jobs")
class JobIT extends JobContract {
    private static final String LATE_AND_QUICK = Envelopes.gets("/app/late", "/app/quick");
    private static final String QUICK = Envelopes.gets("/app/quick");

    @Test
    void aJobIsAcceptedAndTellsHowItGoesOn() throws Exception {
        startJobs(jobs -> {});
        HttpResponse<String> accepted = postJob(LATE_AND_QUICK);
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(accepted.headers().firstValue("Preference-Applied")).hasValue("respond-async");
        assertThat(accepted.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(accepted.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        String location = location(accepted);
        JsonNode status = Envelopes.of(accepted);
        assertThat(location)
                .matches("/app/batch/jobs/[0-9a-f]{32}")
                .endsWith(status.path("id").asText());
        assertThat(status.path("state").asText()).isIn("queued", "running");
        assertThat(status.path("total").asInt()).isEqualTo(2);
        assertThat(Instant.parse(status.path("expiresAt").asText()))
                .isAfter(Instant.parse(status.path("createdAt").asText()));

        await().until(() -> status(location).path("completed").asInt() == 1);
        HttpResponse<String> running = get(location);
        assertThat(running.statusCode()).isEqualTo(202);
        assertThat(running.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(running.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(Envelopes.of(running).path("state").asText()).isEqualTo("running");
        assertThat(Envelopes.of(running).path("succeeded").asInt()).isEqualTo(1);
        assertThat(get(location + "/failed").statusCode()).isEqualTo(202);

        release.countDown();
        HttpResponse<String> result = result(location);
        assertThat(result.statusCode()).isEqualTo(207);
        assertThat(Envelopes.statuses(result)).containsExactly(200, 200);
        assertThat(Envelopes.item(result, "0").path("body").asText()).isEqualTo("late");
        assertThat(result.headers().firstValue("Batch-Summary")).hasValue("total=2, succeeded=2, failed=0");
        HttpResponse<String> over = get(location, "Accept", STATUS_VIEW);
        assertThat(over.statusCode()).isEqualTo(200);
        assertThat(over.headers().firstValue("Retry-After")).isEmpty();
        assertThat(Envelopes.of(over).path("state").asText()).isEqualTo("done");
        assertThat(Envelopes.of(over).path("completed").asInt()).isEqualTo(2);
        assertThat(ids(failed(location))).isEmpty();
    }

    @Test
    void theResultComesAsItsClientWantsIt() throws Exception {
        startJobs(jobs -> {});
        String location = accepted(QUICK);
        result(location);
        HttpResponse<String> fallback = get(location, "Prefer", "multi-status=200");
        assertThat(fallback.statusCode()).isEqualTo(200);
        assertThat(fallback.headers().firstValue("Preference-Applied")).hasValue("multi-status=200");
        assertThat(Envelopes.of(fallback).path("status").asInt()).isEqualTo(200);
        List<String> lines =
                get(location, "Accept", "application/x-ndjson").body().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(Envelopes.parse(lines.get(0)).path("body").asText()).isEqualTo("quick");
        HttpResponse<String> parts = get(location, "Accept", "multipart/mixed");
        assertThat(parts.headers().firstValue("Content-Type").orElseThrow()).startsWith("multipart/mixed");
        assertThat(parts.body()).contains("Content-ID: response-0", "\r\n\r\nquick\r\n");
        HttpResponse<String> head = send(at(location).method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(207);
        assertThat(head.body()).isEmpty();
        // Where there would be a stream that never ends.
        assertThat(send(at(location, "Accept", "text/event-stream").method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(207);
    }

    @Test
    void whoWaitsGetsAQuickResultAndNothingIsKept() throws Exception {
        startJobs(jobs -> jobs.maxJobs(1));
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> result = batch(QUICK, "Prefer", "respond-async, wait=50, multi-status=200");
            assertThat(result.statusCode()).as(result.body()).isEqualTo(200);
            assertThat(result.headers().firstValue("Location")).isEmpty();
            assertThat(String.join(", ", result.headers().allValues("Preference-Applied")))
                    .isEqualTo("respond-async, wait=50, multi-status=200");
            assertThat(Envelopes.statuses(result)).containsExactly(200);
        }
    }

    @Test
    void whoHasWaitedLongEnoughIsToldWhereToAsk() throws Exception {
        startJobs(jobs -> {});
        HttpResponse<String> accepted = batch(LATE_AND_QUICK, "Prefer", "respond-async, wait=1");
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(accepted.headers().firstValue("Preference-Applied")).hasValue("respond-async, wait=1");
        release.countDown();
        assertThat(Envelopes.statuses(result(location(accepted)))).containsExactly(200, 200);
    }

    @Test
    void progressIsTold() throws Exception {
        startJobs(jobs -> {});
        String location = accepted(LATE_AND_QUICK);
        await().until(() -> status(location).path("completed").asInt() == 1);
        HttpResponse<Stream<String>> response = newClient()
                .send(at(location, "Accept", "text/event-stream").GET().build(), HttpResponse.BodyHandlers.ofLines());
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        Iterator<String> lines = response.body().iterator();
        assertThat(lines.next()).isEqualTo("retry: 1000");
        assertThat(lines.next()).isEqualTo("event: progress");
        assertThat(lines.next()).startsWith("data: {").contains("\"completed\":1,");
        assertThat(lines.next()).isEmpty();
        release.countDown();
        String event = lines.next();
        String data = lines.next();
        while (event.equals("event: progress")) {
            assertThat(lines.next()).isEmpty();
            event = lines.next();
            data = lines.next();
        }
        assertThat(event).isEqualTo("event: done");
        assertThat(data).contains("\"state\":\"done\",\"total\":2,\"completed\":2,\"succeeded\":2,\"failed\":0");
        assertThat(lines.next()).isEmpty();
        assertThat(lines).isExhausted();
        assertThat(get(location, "Accept", "text/event-stream").body()).contains("event: done");
    }

    @Test
    void aClientThatIsToldNoMoreHoldsUpNobody() throws Exception {
        startJobs(jobs -> {});
        String location = accepted(LATE_AND_QUICK);
        for (int i = 0; i < 3; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), host.port())) {
                socket.getOutputStream()
                        .write(("GET " + location + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                while (!lines.readLine().startsWith("data:")) {
                    // It has begun.
                }
            }
        }
        release.countDown();
        assertThat(Envelopes.statuses(result(location))).containsExactly(200, 200);
    }

    @Test
    void whatIsCancelledInTheQueueNeverRuns() throws Exception {
        startJobs(jobs -> jobs.maxRunning(1));
        String first = accepted(Envelopes.gets("/app/late"));
        await().until(() -> ran.get() == 1);
        String second = accepted(QUICK);
        assertThat(state(second)).isEqualTo("queued");
        HttpResponse<String> cancelled = delete(second);
        assertThat(cancelled.statusCode()).isEqualTo(200);
        assertThat(Envelopes.of(cancelled).path("state").asText()).isEqualTo("cancelled");
        HttpResponse<String> result = get(second);
        assertThat(Envelopes.statuses(result)).containsExactly(503);
        assertThat(Envelopes.item(result, "0").path("body").path("type").asText())
                .isEqualTo("urn:multistatus:cancelled");
        assertThat(ids(failed(second))).containsExactly("0");
        release.countDown();
        result(first);
        assertThat(ran).hasValue(1);
        // Its place has been given back.
        result(accepted(QUICK));
    }

    @Test
    void theResultSaysWhichItemsTheEndpointHasRefused() throws Exception {
        startJobs(jobs -> {});
        HttpResponse<String> result =
                result(accepted(Envelopes.batch(item("a", "quick"), item("b", "quick#fragment"))));
        assertThat(Envelopes.statuses(result)).containsExactly(200, 400);
        assertThat(Envelopes.item(result, "a").has("refused")).isFalse();
        assertThat(Envelopes.item(result, "b").path("refused").asBoolean()).isTrue();
    }

    @Test
    void whatIsCancelledWhileItRunsEndsWithWhatHasBegun() throws Exception {
        startJobs(jobs -> {});
        String location = accepted(Envelopes.batch(item("a", "late"), item("b", "quick"), item("c", "quick")));
        await().until(() -> ran.get() == 1);
        HttpResponse<String> cancelling = delete(location);
        assertThat(cancelling.statusCode()).isEqualTo(202);
        release.countDown();
        awaitState(location, "cancelled");
        assertThat(status(location).path("completed").asInt()).isEqualTo(1);
        assertThat(Envelopes.statuses(get(location))).containsExactly(200, 503, 503);
        assertThat(ids(failed(location))).containsExactly("b", "c");
        assertThat(ran).hasValue(1);
        assertThat(delete(location).statusCode()).isEqualTo(204);
        assertProblem(get(location), 404, "no-such-job");
        assertProblem(delete(location), 404, "no-such-job");
    }

    @Test
    void pagesOfOthersDeleteNothing() throws Exception {
        startJobs(jobs -> {});
        String location = accepted(QUICK);
        result(location);
        assertProblem(delete(location, "Origin", "http://evil.example"), 403, "foreign-origin");
        assertProblem(delete(location, "Sec-Fetch-Site", "cross-site"), 403, "foreign-origin");
        assertThat(delete(location, "Origin", "http://127.0.0.1:" + host.port()).statusCode())
                .isEqualTo(204);
    }

    @Test
    void whatIsNotServedIsRefused() throws Exception {
        startJobs(jobs -> {});
        String location = accepted(QUICK);
        HttpResponse<String> put = send(at(location).PUT(HttpRequest.BodyPublishers.ofString("x")));
        assertProblem(put, 405, "method-not-allowed");
        assertThat(put.headers().firstValue("Allow")).hasValue("GET, HEAD, DELETE, OPTIONS");
        HttpResponse<String> delete = delete(location + "/failed");
        assertProblem(delete, 405, "method-not-allowed");
        assertThat(delete.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
        for (String id : List.of("", "x", "0".repeat(32), "0".repeat(32) + "/failed", "0".repeat(32) + "/more")) {
            assertProblem(get("/app/batch/jobs/" + id), 404, "no-such-job");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereThereIsNoRoomJobsAreRefused(boolean inTheQueue) throws Exception {
        startJobs(jobs -> {
            jobs.maxRunning(1);
            if (inTheQueue) {
                jobs.maxQueued(1);
            } else {
                jobs.maxJobs(2);
            }
        });
        String first = accepted(Envelopes.gets("/app/late"));
        accepted(QUICK);
        HttpResponse<String> refused = postJob(QUICK);
        assertProblem(refused, 503, inTheQueue ? "job-queue-full" : "job-store-full");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        release.countDown();
        result(first);
        if (!inTheQueue) {
            assertProblem(postJob(QUICK), 503, "job-store-full");
            delete(first);
        }
        result(accepted(QUICK));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 207})
    void odataClientsAreToldWhatTheResultWouldHaveBeen(int status) throws Exception {
        startJobs(BatchConfig.builder().odataPath("/$batch").odataStatus(status));
        HttpResponse<String> accepted =
                send(request("$batch", "Content-Type", "application/json", "Prefer", "respond-async")
                        .POST(HttpRequest.BodyPublishers.ofString(QUICK)));
        assertThat(accepted.statusCode()).isEqualTo(202);
        HttpResponse<String> result = result(location(accepted));
        assertThat(result.statusCode()).isEqualTo(status);
        assertThat(result.headers().firstValue("AsyncResult")).hasValue(Integer.toString(status));
        assertThat(Envelopes.of(result).has("status")).isFalse();
        assertThat(Envelopes.statuses(result)).containsExactly(200);
    }

    @Test
    void cookiesOfItemsAreDropped() throws Exception {
        handlers.put("cookie", (request, response) -> response.setHeader("Set-Cookie", "a=secret; HttpOnly"));
        startJobs(jobs -> {});
        for (HttpResponse<String> result : List.of(
                result(accepted(Envelopes.gets("/app/cookie"))),
                batch(Envelopes.gets("/app/cookie"), "Prefer", "respond-async, wait=50"))) {
            assertThat(Envelopes.item(result, "0").path("cookies").asText()).isEqualTo("dropped");
            assertThat(result.body()).doesNotContain("secret").doesNotContainIgnoringCase("set-cookie");
            assertThat(result.headers().allValues("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void whatTakesTooLongTimesOut() throws Exception {
        startJobs(BatchConfig.builder().itemTimeout(Duration.ofMillis(300)).jobs(jobs -> jobs.retries(0)));
        assertThat(Envelopes.statuses(result(accepted(LATE_AND_QUICK)))).containsExactly(504, 200);
    }

    @Test
    void aJobThatTakesTooLongEndsWithWhatItHas() throws Exception {
        startJobs(jobs -> jobs.timeout(Duration.ofMillis(500)));
        String location = accepted(LATE_AND_QUICK);
        assertThat(Envelopes.statuses(result(location))).containsExactly(504, 200);
        assertThat(state(location)).isEqualTo("done");
        assertThat(ids(failed(location))).containsExactly("0");
    }

    @Test
    void aJobIsForgottenWhenItsTimeIsOver() throws Exception {
        startJobs(jobs -> jobs.ttl(Duration.ofMillis(300)));
        String location = accepted(QUICK);
        await().until(() -> get(location).statusCode() == 404);
    }

    @Test
    void whereThereAreNoJobsBatchesAreAnsweredAtOnce() throws Exception {
        startJobs(jobs -> jobs.enabled(false));
        HttpResponse<String> response = postJob(QUICK);
        assertThat(response.statusCode()).isEqualTo(207);
        assertThat(response.headers().firstValue("Preference-Applied")).isEmpty();
        assertThat(get("/app/batch/jobs/" + "0".repeat(32)).body()).doesNotContain("no-such-job");
    }

    @Test
    void itemsOfBatchesMayAskForJobs() throws Exception {
        startJobs(jobs -> {});
        String location = accepted(QUICK);
        HttpResponse<String> alone = result(location);
        HttpResponse<String> batch = batch(Envelopes.batch(
                "{\"id\":\"a\",\"method\":\"GET\",\"url\":\"" + location + "\"}",
                "{\"id\":\"b\",\"method\":\"DELETE\",\"url\":\"" + location + "\"}",
                "{\"id\":\"c\",\"method\":\"GET\",\"url\":\"" + location + "\"}"));
        assertThat(Envelopes.statuses(batch)).containsExactly(207, 204, 404);
        assertThat(Envelopes.item(batch, "a").path("body")).isEqualTo(Envelopes.of(alone));
    }
}
