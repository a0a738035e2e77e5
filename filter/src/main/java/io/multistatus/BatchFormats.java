package io.multistatus;

import io.multistatus.format.BatchFormat;
import io.multistatus.format.ContentType;
import io.multistatus.format.json.JsonBatchFormat;
import io.multistatus.format.multipart.MultipartBatchFormat;
import io.multistatus.model.BatchException;
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

    private static BatchException unsupported(String detail) {
        return new BatchException(Problem.of(415, "unsupported-media-type", "Batches are not read in this format")
                .detail(detail));
    }
}
