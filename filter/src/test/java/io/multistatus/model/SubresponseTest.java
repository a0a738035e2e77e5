package io.multistatus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    @CsvSource({"200, false", "304, false", "399, false", "400, true", "599, true"})
    void from400OnItHasFailed(int status, boolean failed) {
        Subresponse response = Subresponse.of(status, Headers.empty(), ByteBuffer.allocate(0));
        assertThat(response.failed()).isEqualTo(failed);
        assertThat(response.problem()).isNull();
    }
}
