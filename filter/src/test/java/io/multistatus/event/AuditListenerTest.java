package io.multistatus.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditListenerTest {
    private static final String LOGGER = "io.multistatus.audit";

    private final CapturedLog log = new CapturedLog();
    private final AuditListener listener = new AuditListener();

    @AfterEach
    void close() {
        log.close();
    }

    private static BatchEvent batch(@Nullable String user) {
        return new BatchEvent(
                "b-1",
                "/shop/batch;jsessionid=secret",
                2,
                "application/json",
                120,
                false,
                new Caller("192.0.2.7", user),
                Headers.of("Authorization", "Bearer secret"));
    }

    private static ItemEvent item(@Nullable String user, String id, String url, Headers headers) {
        Subrequest request = new Subrequest(0, ItemId.of(id), "POST", url, headers, null, List.of(), null, null);
        return new ItemEvent(batch(user), request);
    }

    private String line() {
        List<String> lines = log.lines(LOGGER);
        assertThat(lines).hasSize(1);
        assertThat(log.text()).doesNotContain("secret");
        return lines.get(0).substring(lines.get(0).indexOf("event="));
    }

    @Test
    void anItemThatSucceedsHasALineToo() {
        listener.itemEnded(
                item("jane", "a", "/orders;v=secret?key=secret", Headers.empty()),
                Subresponse.of(201, Headers.of("Idempotency-Replayed", "true"), ByteBuffer.allocate(0)),
                Duration.ofMillis(17));
        assertThat(line())
                .isEqualTo("event=item batch=b-1 item=a user=jane remote=192.0.2.7 credentials=batch method=POST"
                        + " path=/orders status=201 problem=- replayed=true durationMs=17");
    }

    @Test
    void credentialsOfTheItemsOwnAreToldOf() {
        listener.itemEnded(
                item(null, "a", "/orders", Headers.of("authorization", "Basic secret")),
                Subresponse.of(Problem.of(504, "timeout", "Too slow")),
                Duration.ofSeconds(30));
        assertThat(line())
                .isEqualTo("event=item batch=b-1 item=a user=- remote=192.0.2.7 credentials=own method=POST"
                        + " path=/orders status=504 problem=timeout replayed=false durationMs=30000");
    }

    @Test
    void whatClientsWriteCannotForgeLinesAndIsNotLost() {
        listener.itemEnded(
                item("j\u00fcrgen x", "a b\n%", "/\u20ac=1\"", Headers.empty()),
                Subresponse.of(200, Headers.empty(), ByteBuffer.allocate(0)),
                Duration.ZERO);
        assertThat(line()).contains(" item=a%20b%0A%25 user=j%C3%BCrgen%20x ").contains(" path=/%E2%82%AC%3D1%22 ");
    }

    @Test
    void aLongPathKeepsItsEnd() {
        String detours = "/x/..".repeat(60);
        listener.itemEnded(
                item(null, "a", detours + "/admin/users/1", Headers.empty()),
                Subresponse.of(200, Headers.empty(), ByteBuffer.allocate(0)),
                Duration.ZERO);
        assertThat(line()).contains(" path=" + detours + "/admin/users/1 ");
    }

    @Test
    void ofWhatIsVeryLongTheMiddleIsLeftOut() {
        listener.itemEnded(
                item(null, "a", "/begin" + "/./".repeat(9_000) + "end", Headers.empty()),
                Subresponse.of(200, Headers.empty(), ByteBuffer.allocate(0)),
                Duration.ZERO);
        assertThat(line()).contains(" path=/begin/").contains("%E2%80%A6").contains("/end status=200");
    }

    @Test
    void aUserWhoseNameStandsForNobodyIsSomebody() {
        listener.batchRefused(new RefusedBatchEvent(
                "/batch",
                new Caller(null, "-"),
                Problem.of(413, "batch-too-large", "Too large").detail("it says secret")));
        assertThat(line()).isEqualTo("event=refused user=%2D remote=- path=/batch status=413 problem=batch-too-large");
    }

    @Test
    void aJobThatEndsBeforeItsTurnHasALine() {
        listener.jobDropped(batch("jane"), Problem.of(503, "cancelled", "Cancelled"));
        assertThat(line())
                .isEqualTo("event=dropped batch=b-1 user=jane remote=192.0.2.7 path=/shop/batch bytes=120 items=2"
                        + " problem=cancelled");
    }

    @Test
    void aBatchHasALine() {
        listener.batchEnded(batch("jane"), new Summary(2, 1, List.of(), OptionalLong.empty()), Duration.ofMillis(5));
        assertThat(line())
                .isEqualTo("event=batch batch=b-1 user=jane remote=192.0.2.7 path=/shop/batch job=false bytes=120"
                        + " items=2 succeeded=1 failed=1 durationMs=5");
    }
}
