package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multistatus.format.BatchFormat;
import io.multistatus.format.json.JsonBatchFormat;
import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import io.multistatus.support.StubRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchFormatsTest {
    private static final List<BatchFormat> FORMATS = BatchFormats.all();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                "application/json; charset=utf-8",
                " application/json ;charset=utf-8",
                "application/vnd.api+json",
                "application/batch+json;odata.metadata=minimal"
            })
    void jsonIsJsonHoweverItIsSpelled(String contentType) throws Exception {
        assertThat(BatchFormats.forRequest(
                        StubRequest.with("Content-Type", contentType).build(), FORMATS))
                .isInstanceOf(JsonBatchFormat.class);
    }

    /** What a form of another site can send must not be among what is read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/plain; application/json",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=a",
                "application/json, text/plain",
                "text/plain, application/json",
                "application/jsonp",
                "application/xml",
                "application",
                "json",
                "*/*",
                ""
            })
    void whatIsNoFormatIsRefusedByName(String contentType) {
        Problem problem = refusal("Content-Type", contentType);
        assertThat(problem.status()).isEqualTo(415);
        assertThat(problem.detail())
                .contains("Content-Type '" + contentType + "'")
                .contains("application/json");
    }

    @Test
    void aBatchWithoutAContentTypeIsRefused() {
        assertThat(refusal().detail()).contains("no Content-Type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "br", "identity, gzip", "identity;gzip"})
    void aCompressedBatchIsRefused(String encoding) {
        Problem problem = refusal("Content-Type", "application/json", "Content-Encoding", encoding);
        assertThat(problem.status()).isEqualTo(415);
        assertThat(problem.detail()).contains("Content-Encoding '" + encoding + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "Identity", " identity ", "", " "})
    void aBatchThatIsNotCompressedMaySaySo(String encoding) throws Exception {
        assertThat(BatchFormats.forRequest(
                        StubRequest.with("Content-Type", "application/json", "Content-Encoding", encoding)
                                .build(),
                        FORMATS))
                .isNotNull();
    }

    private static Problem refusal(String... headers) {
        BatchException refusal = catchThrowableOfType(
                BatchException.class,
                () -> BatchFormats.forRequest(StubRequest.with(headers).build(), FORMATS));
        assertThat(refusal).isNotNull();
        return refusal.problem();
    }
}
