package io.multistatus;

import io.multistatus.format.BatchFormat;
import io.multistatus.format.ContentType;
import io.multistatus.format.Dialect;
import io.multistatus.format.EnvelopeWriter;
import io.multistatus.format.json.JsonBatchFormat;
import io.multistatus.format.json.NdjsonEnvelopeWriter;
import io.multistatus.format.multipart.MultipartBatchFormat;
import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The formats there are, and which of them a request is in. */
final class BatchFormats {
    private BatchFormats() {}

    static List<BatchFormat> all() {
        return List.of(new JsonBatchFormat(), new MultipartBatchFormat());
    }

    /**
     * The format of the request's body.
     *
     * @throws BatchException 415 if it is none of {@code formats}, or compressed
     */
    static BatchFormat forRequest(HttpServletRequest request, List<BatchFormat> formats) throws BatchException {
        @Nullable String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.isBlank() && !encoding.trim().equalsIgnoreCase("identity")) {
            throw unsupported("The batch has Content-Encoding '" + encoding + "'; only identity is read");
        }
        @Nullable String contentType = request.getContentType();
        Optional<String> mediaType = contentType == null
                ? Optional.empty()
                : ContentType.parse(contentType).map(ContentType::essence);
        for (BatchFormat format : formats) {
            if (mediaType.isPresent() && format.reads(mediaType.get())) {
                return format;
            }
        }
        throw unsupported((contentType == null
                        ? "The batch has no Content-Type"
                        : "The batch has Content-Type '" + contentType + "'")
                + "; what is read is "
                + formats.stream().map(BatchFormat::mediaType).collect(Collectors.joining(", ")));
    }

    /** What {@code Accept} has to name for an answer that comes as the items get done. */
    static List<String> streams(Dialect dialect) {
        return dialect == Dialect.NATIVE
                ? List.of(NdjsonEnvelopeWriter.MEDIA_TYPE, MultipartBatchFormat.MEDIA_TYPE + "; stream=1")
                : List.of(NdjsonEnvelopeWriter.MEDIA_TYPE);
    }

    /**
     * How a batch is to be answered.
     *
     * @param streamed whether each answer is to be sent as soon as it is there
     */
    record Answering(EnvelopeWriter writer, boolean streamed) {}

    /**
     * In the format of the batch, unless {@code Accept} (RFC 9110, section 12.5.1) names exactly one of those that are for answers, and
     * JSON is not more welcome. Clients of multipart say {@code application/json} there and mean what is in the parts.
     */
    static Answering answering(Headers outer, BatchFormat format, Dialect dialect, int status) {
        AcceptedTypes accepted = AcceptedTypes.of(outer.all("Accept"));
        Optional<ContentType> lines = accepted.named(NdjsonEnvelopeWriter.MEDIA_TYPE);
        Optional<ContentType> parts =
                dialect == Dialect.NATIVE ? accepted.named(MultipartBatchFormat.MEDIA_TYPE) : Optional.empty();
        double json = accepted.of(JsonBatchFormat.MEDIA_TYPE, range -> true).weight();
        Optional<ContentType> named = lines.or(() -> parts).filter(range -> AcceptedTypes.weight(range) >= json);
        if (named.isEmpty() || (lines.isPresent() && parts.isPresent())) {
            return new Answering(format.newWriter(dialect, status), false);
        }
        if (lines.isPresent()) {
            return new Answering(new NdjsonEnvelopeWriter(dialect, status), true);
        }
        boolean streamed = named.flatMap(range -> range.parameter("stream")).equals(Optional.of("1"));
        return new Answering(MultipartBatchFormat.newNativeWriter(streamed), streamed);
    }

    private static BatchException unsupported(String detail) {
        return new BatchException(Problem.of(415, "unsupported-media-type", "Batches are not read in this format")
                .detail(detail));
    }
}
