package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.support.Envelopes;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Items of jobs that fail for now. */
@Tag("container")
@Tag("jobs")
class JobRetryIT extends JobContract {
    private final Map<String, Integer> tries = new ConcurrentHashMap<>();

    /** Fails as often as the first number in its path says, with the status that comes next. */
    private void serveFlaky() {
        handlers.put("flaky", (request, response) -> {
            String[] path = request.getPathInfo().split("/", -1);
            int before = tries.merge(path[3], 1, Integer::sum) - 1;
            if (before < Integer.parseInt(path[1])) {
                response.setStatus(Integer.parseInt(path[2]));
                if (request.getParameter("after") != null) {
                    response.setHeader("Retry-After", request.getParameter("after"));
                }
            }
        });
    }

    private static String item(String id, String method, String url, String more) {
        return "{\"id\":\"" + id + "\",\"method\":\"" + method + "\",\"url\":\"/app/" + url + "\"" + more + "}";
    }

    @Test
    void whatMayBeRepeatedIsTriedAgain() throws Exception {
        serveFlaky();
        startJobs(jobs -> jobs.retries(2));
        String batch = Envelopes.batch(
                item("asked", "GET", "flaky/2/503/asked?after=1", ""),
                item("backoff", "GET", "flaky/1/502/backoff", ""),
                item("unkeyed", "POST", "flaky/1/503/unkeyed?after=1", ""),
                item("keyed", "POST", "flaky/1/429/keyed?after=1", ",\"headers\":{\"Idempotency-Key\":\"k\"}"),
                item("final", "GET", "flaky/1/500/final", ""),
                item("patience", "GET", "flaky/1/503/patience?after=86400", ""),
                item("follower", "POST", "flaky/0/0/follower", ",\"dependsOn\":[\"keyed\"]"));
        String location = accepted(batch);
        HttpResponse<String> result = result(location);
        assertThat(Envelopes.statuses(result)).containsExactly(200, 200, 503, 200, 500, 503, 200);
        assertThat(tries)
                .containsOnly(
                        Map.entry("asked", 3),
                        Map.entry("backoff", 2),
                        Map.entry("unkeyed", 1),
                        Map.entry("keyed", 2),
                        Map.entry("final", 1),
                        Map.entry("patience", 1),
                        Map.entry("follower", 1));
        assertThat(ids(failed(location))).containsExactly("unkeyed", "final", "patience");
        assertThat(Envelopes.parse(failed(location)).path("requests").findValuesAsText("lastStatus"))
                .containsExactly("503", "500", "503");
    }

    @Test
    void theKeyOfTheBatchIsOneForEachItem() throws Exception {
        serveFlaky();
        startJobs(jobs -> jobs.retries(1));
        String location = accepted(
                Envelopes.batch(item("a", "POST", "flaky/1/503/a", ""), item("b", "POST", "flaky/9/503/b", "")),
                KEY,
                "\"K\"");
        assertThat(Envelopes.statuses(result(location))).containsExactly(200, 503);
        assertThat(tries).containsOnly(Map.entry("a", 2), Map.entry("b", 2));
        assertThat(Envelopes.parse(failed(location))
                        .path("requests")
                        .get(0)
                        .path("headers")
                        .toString())
                .contains("\"Idempotency-Key\":[\"\\\"K/b\\\"\"]");
    }

    @Test
    void whatWaitsToBeTriedAgainWhenItsJobIsCancelledIsOver() throws Exception {
        serveFlaky();
        startJobs(jobs -> {});
        String location = accepted(Envelopes.batch(
                item("a", "GET", "flaky/9/503/a?after=300", ""),
                item("b", "POST", "flaky/0/0/b", ",\"dependsOn\":[\"a\"]")));
        await().until(() -> tries.containsKey("a"));
        delete(location);
        HttpResponse<String> result = result(location);
        assertThat(Envelopes.statuses(result)).startsWith(503);
        assertThat(tries).containsOnly(Map.entry("a", 1));
        assertThat(ids(failed(location))).containsExactly("a", "b");
    }
}
