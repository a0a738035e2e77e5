package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multistatus.format.BatchFormat;
import io.multistatus.format.Dialect;
import io.multistatus.format.json.JsonBatchFormat;
import io.multistatus.format.multipart.MultipartBatchFormat;
import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.support.StubRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    application/x-ndjson                            | application/x-ndjson | true
                    Application/X-NDJSON; charset=utf-8             | application/x-ndjson | true
                    application/x-ndjson, application/json;q=0.9    | application/x-ndjson | true
                    application/x-ndjson, application/json          | application/x-ndjson | true
                    application/json, application/x-ndjson          | application/x-ndjson | true
                    */*;q=.2, application/x-ndjson                  | application/x-ndjson | true
                    application/x-ndjson, */*                       | application/x-ndjson | true
                    text/html, application/x-ndjson;q=0.5           | application/x-ndjson | true
                    application/x-ndjson, multipart/mixed;q=0       | application/x-ndjson | true
                    multipart/mixed, application/json               | multipart/mixed      | false
                    multipart/mixed, multipart/mixed;stream=1;q=0.5 | multipart/mixed      | false
                    multipart/mixed                                 | multipart/mixed      | false
                    multipart/mixed; stream=1                       | multipart/mixed      | true
                    multipart/mixed;stream="1";q=0.5                | multipart/mixed      | true
                    multipart/mixed; stream=0                       | multipart/mixed      | false
                    multipart/mixed;stream=1, application/json;q=0. | multipart/mixed      | true
                    """)
    void anAnswerIsInTheTypeThatIsNamed(String accept, String type, boolean streamed) {
        BatchFormats.Answering answering = answering(Dialect.NATIVE, accept);
        assertThat(answering.writer().contentType()).startsWith(type);
        assertThat(answering.streamed()).isEqualTo(streamed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/json",
                "application/x-ndjson, multipart/mixed",
                "application/x-ndjson, multipart/mixed;q=0.5",
                "application/x-ndjson;q=0.5, application/json",
                "application/x-ndjson;q=0.5, */*",
                "application/x-ndjson;q=0.5, application/*;q=0.6",
                "application/x-ndjson;q=0",
                "application/x-ndjson;q=much",
                "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
                "application/*",
                "x",
                ""
            })
    void anythingElseChangesNothing(String accept) {
        BatchFormats.Answering answering = answering(Dialect.NATIVE, accept);
        assertThat(answering.writer().contentType()).isEqualTo("application/json");
        assertThat(answering.streamed()).isFalse();
    }

    @Test
    void severalFieldsAreOneList() {
        assertThat(answering(Dialect.NATIVE, "application/x-ndjson", "application/json")
                        .streamed())
                .isTrue();
        assertThat(answering(Dialect.NATIVE, "application/x-ndjson", "multipart/mixed")
                        .streamed())
                .isFalse();
    }

    /** Clients of multipart say that they take JSON, and mean what is in the parts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/mixed, application/json",
                "application/json",
                "multipart/mixed;q=0.5, application/json"
            })
    void multipartIsAnsweredAsMultipart(String accept) {
        for (Dialect dialect : Dialect.values()) {
            BatchFormats.Answering answering =
                    BatchFormats.answering(Headers.of("Accept", accept), new MultipartBatchFormat(), dialect, 207);
            assertThat(answering.writer().contentType()).startsWith("multipart/mixed");
            assertThat(answering.streamed()).isFalse();
        }
    }

    @Test
    void inTheDialectOfODataOnlyLinesAreStreamed() {
        assertThat(answering(Dialect.ODATA, "application/x-ndjson").streamed()).isTrue();
        BatchFormats.Answering parts = answering(Dialect.ODATA, "multipart/mixed; stream=1");
        assertThat(parts.writer().contentType()).isEqualTo("application/json");
        assertThat(parts.streamed()).isFalse();
    }

    private static BatchFormats.Answering answering(Dialect dialect, String... accept) {
        Headers.Builder headers = Headers.builder();
        for (String value : accept) {
            headers.add("Accept", value);
        }
        return BatchFormats.answering(headers.build(), new JsonBatchFormat(), dialect, 207);
    }

    private static Problem refusal(String... headers) {
        BatchException refusal = catchThrowableOfType(
                BatchException.class,
                () -> BatchFormats.forRequest(StubRequest.with(headers).build(), FORMATS));
        assertThat(refusal).isNotNull();
        return refusal.problem();
    }
}
