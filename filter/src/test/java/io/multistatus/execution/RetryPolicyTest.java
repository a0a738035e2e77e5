package io.multistatus.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {
    private static final RetryPolicy THREE = new RetryPolicy(3);

    private static Subrequest item(String method, String... fields) {
        return new Subrequest(0, ItemId.of("a"), method, "/a", Headers.of(fields), null, List.of(), null, null);
    }

    private static Subresponse answer(int status, String... fields) {
        return Subresponse.of(status, Headers.of(fields), ByteBuffer.allocate(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void whatMayPassIsTriedAgainIfItMayBeRepeated(int status) {
        assertThat(THREE.delay(item("GET"), 0, answer(status))).isPresent();
        assertThat(THREE.delay(item("HEAD"), 0, answer(status))).isPresent();
        assertThat(THREE.delay(item("POST", "Idempotency-Key", "k"), 0, answer(status)))
                .isPresent();
        assertThat(THREE.delay(item("POST"), 0, answer(status, "Retry-After", "1")))
                .isEmpty();
        assertThat(THREE.delay(item("DELETE"), 0, answer(status))).isEmpty();
        assertThat(THREE.delay(item("GET"), 3, answer(status))).isEmpty();
        assertThat(RetryPolicy.NONE.delay(item("GET"), 0, answer(status))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 304, 400, 404, 408, 424, 425, 500, 501, 507})
    void anyOtherStatusIsFinal(int status) {
        assertThat(THREE.delay(item("GET"), 0, answer(status, "Retry-After", "1")))
                .isEmpty();
    }

    @Test
    void aKeyThatIsInUseIsTriedAgainAndNoOtherConflict() {
        assertThat(THREE.delay(item("POST", "Idempotency-Key", "k"), 0, answer(409, "Retry-After", "1")))
                .isPresent();
        assertThat(THREE.delay(item("POST", "Idempotency-Key", "k"), 0, answer(409)))
                .isEmpty();
        assertThat(THREE.delay(item("GET"), 0, answer(409, "Retry-After", "1"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 500, 1000",
        "1, 1000, 2000",
        "2, 2000, 4000",
        "4, 8000, 16000",
        "5, 15000, 30000",
        "99, 15000, 30000"
    })
    void eachTryWaitsTwiceAsLongAsTheLast(int before, int least, int most) {
        RetryPolicy policy = new RetryPolicy(100);
        for (int i = 0; i < 200; i++) {
            assertThat(policy.delay(item("GET"), before, answer(503))
                            .orElseThrow()
                            .toMillis())
                    .isBetween((long) least, (long) most);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1000, 1100",
        "' 30 ', 30000, 33000",
        "600, 600000, 660000",
        "0, 500, 1000",
        "soon, 500, 1000",
        "-5, 500, 1000"
    })
    void retryAfterIsRespected(String value, int least, int most) {
        for (int i = 0; i < 50; i++) {
            assertThat(THREE.delay(item("GET"), 0, answer(503, "Retry-After", value))
                            .orElseThrow()
                            .toMillis())
                    .isBetween((long) least, (long) most);
        }
    }

    @Test
    void whoWantsToBeLeftAloneForLongIs() {
        assertThat(THREE.delay(item("GET"), 0, answer(503, "Retry-After", "601")))
                .isEmpty();
        assertThat(THREE.delay(item("GET"), 0, answer(503, "Retry-After", "999999999")))
                .isEmpty();
    }

    @Test
    void retryAfterMayBeADate() {
        Optional<Duration> delay = THREE.delay(item("GET"), 0, answer(503, "Retry-After", date(100)));
        assertThat(delay.orElseThrow()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(111));
        assertThat(THREE.delay(item("GET"), 0, answer(503, "Retry-After", date(-100)))
                        .orElseThrow())
                .isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(THREE.delay(item("GET"), 0, answer(503, "Retry-After", date(100_000))))
                .isEmpty();
    }

    private static String date(int seconds) {
        return ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(seconds).format(DateTimeFormatter.RFC_1123_DATE_TIME);
    }
}
