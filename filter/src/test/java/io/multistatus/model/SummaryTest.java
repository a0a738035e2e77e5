package io.multistatus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryTest {

    @Test
    void itCountsWhatFailedAndWhatDidNot() {
        List<Subrequest> items = new ArrayList<>();
        List<Subresponse> responses = new ArrayList<>();
        for (int status : new int[] {200, 204, 302, 304, 400, 404, 424, 500}) {
            items.add(item(items.size(), "i" + items.size(), "POST"));
            responses.add(response(status));
        }
        Summary summary = Summary.of(new Batch(items), responses);
        assertThat(summary.total()).isEqualTo(8);
        assertThat(summary.succeeded()).isEqualTo(4);
        assertThat(summary.failed()).isEqualTo(4);
        assertThat(summary.retryable()).isEmpty();
        assertThat(summary.retryAfter()).isEmpty();
    }

    @Test
    void anEmptyBatchHasNothingToCount() {
        Summary summary = Summary.of(new Batch(List.of()), List.of());
        assertThat(List.of(summary.total(), summary.succeeded(), summary.failed()))
                .containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 502, 503, 504})
    void aFailureThatMayPassCanBeSentAgain(int status) {
        assertThat(isRetryable("POST", status)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 401, 403, 404, 409, 412, 413, 422, 424, 500, 501, 507})
    void anythingElseCannot(int status) {
        assertThat(isRetryable("POST", status)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"GET, true", "HEAD, true", "OPTIONS, true", "PUT, false", "DELETE, false", "PATCH, false"})
    void aServersErrorCanBeTriedAgainWhereNothingCanHaveHappened(String method, boolean retryable) {
        assertThat(isRetryable(method, 500)).isEqualTo(retryable);
        assertThat(isRetryable(method, 404)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {501, 505})
    void whatIsNotImplementedWillNotBeSoon(int status) {
        assertThat(isRetryable("GET", status)).isFalse();
    }

    @Test
    void withAnIdempotencyKeyAServersErrorCanBeTriedAgainWhateverTheMethod() {
        assertThat(isRetryable("POST", 500, "idempotency-key", "k")).isTrue();
        assertThat(isRetryable("POST", 422, "Idempotency-Key", "k")).isFalse();
    }

    @Test
    void aConflictPassesIfItIsThatOfARunningKey() {
        Subrequest keyed = item(0, "a", "POST", "Idempotency-Key", "k");
        assertThat(summary(keyed, response(409, "Retry-After", "1")).retryable())
                .hasSize(1);
        assertThat(summary(keyed, response(409)).retryable()).isEmpty();
        assertThat(summary(item(0, "a", "POST"), response(409, "Retry-After", "1"))
                        .retryable())
                .isEmpty();
    }

    @Test
    void idsAreNamedInTheirOrderWithTheTypeTheyCameWith() {
        List<Subrequest> items = List.of(
                item(0, "b", "GET"),
                new Subrequest(1, ItemId.ofNumber("1"), "GET", "/", Headers.empty(), null, List.of(), null, null),
                item(2, null, "GET"));
        Summary summary = Summary.of(new Batch(items), List.of(response(503), response(503), response(503)));
        assertThat(summary.retryable()).containsExactly(ItemId.of("b"), ItemId.ofNumber("1"));
        assertThat(summary.failed()).isEqualTo(3);
    }

    @Test
    void theLongestRetryAfterCounts() {
        assertThat(retryAfter("5", "120", "60")).isEqualTo(120);
        assertThat(retryAfter("0")).isZero();
        assertThat(retryAfter(" 7 ")).isEqualTo(7);
        assertThat(retryAfter("999999999")).isEqualTo(999_999_999);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "+1", "1.5", "1s", "Fri, 31 Dec 1999 23:59:59 GMT", "99999999999999999999", "\u0661"})
    void aRetryAfterThatIsNoDelayIsNone(String value) {
        assertThat(retryAfter(value)).isEqualTo(-1);
    }

    private static boolean isRetryable(String method, int status, String... headers) {
        return !summary(item(0, "a", method, headers), response(status))
                .retryable()
                .isEmpty();
    }

    private static long retryAfter(String... values) {
        List<Subrequest> items = IntStream.range(0, values.length)
                .mapToObj(i -> item(i, "i" + i, "POST"))
                .toList();
        List<Subresponse> responses = new ArrayList<>();
        for (String value : values) {
            responses.add(response(503, "Retry-After", value));
        }
        return Summary.of(new Batch(items), responses).retryAfter().orElse(-1);
    }

    private static Summary summary(Subrequest item, Subresponse response) {
        return Summary.of(new Batch(List.of(item)), List.of(response));
    }

    private static Subrequest item(int index, @Nullable String id, String method, String... headers) {
        ItemId itemId = id == null ? null : ItemId.of(id);
        return new Subrequest(index, itemId, method, "/", Headers.of(headers), null, List.of(), null, null);
    }

    private static Subresponse response(int status, String... headers) {
        return Subresponse.of(status, Headers.of(headers), ByteBuffer.allocate(0));
    }
}
