package io.multistatus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubresponseTest {
    private static final Problem PROBLEM = Problem.of(504, "timeout", "Too slow");

    @Test
    void anAnswerThatStandsInIsAProblem() {
        Subresponse response = Subresponse.of(PROBLEM);
        assertThat(response.status()).isEqualTo(504);
        assertThat(response.problem()).isSameAs(PROBLEM);
        assertThat(response.headers().all("Content-Type")).containsExactly("application/problem+json");
        assertThat(response.body()).isEqualTo(ByteBuffer.wrap(PROBLEM.toJson()));
    }

    @Test
    void anAnswerThatStandsInMayKeepFieldsOfTheHosts() {
        Subresponse response = Subresponse.of(PROBLEM, Headers.of("Set-Cookie", "a=b"));
        assertThat(response.headers().first("Set-Cookie")).contains("a=b");
        assertThat(response.headers().first("Content-Type")).contains(Problem.MEDIA_TYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foreign-origin",
                "forbidden-header",
                "forbidden-target",
                "malformed-request",
                "nested-batch",
                "no-room",
                "subrequest-too-large",
                "too-many-headers"
            })
    void whatTheHostIsNotAskedForIsRefusedAndTheHostCannotSaySo(String name) {
        Subresponse refusal = Subresponse.of(Problem.of(400, name, "No"));
        assertThat(refusal.refused()).isTrue();
        assertThat(Subresponse.of(refusal.status(), refusal.headers(), refusal.body())
                        .refused())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout", "failed-dependency", "response-too-large", "stopping", "not-implemented"})
    void whatHasComeToNothingForAnotherReasonIsNotRefused(String name) {
        assertThat(Subresponse.of(Problem.of(503, name, "No")).refused()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"200, false", "304, false", "399, false", "400, true", "599, true"})
    void from400OnItHasFailed(int status, boolean failed) {
        Subresponse response = Subresponse.of(status, Headers.empty(), ByteBuffer.allocate(0));
        assertThat(response.failed()).isEqualTo(failed);
        assertThat(response.problem()).isNull();
    }
}
