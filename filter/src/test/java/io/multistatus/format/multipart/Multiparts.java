package io.multistatus.format.multipart;

import io.multistatus.format.Dialect;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import io.multistatus.model.Subrequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Multipart bodies, shortly written. */
final class Multiparts {
    static final String TYPE = "multipart/mixed; boundary=b";

    private Multiparts() {}

    /** Reads a body whose boundary is {@code b}; its lines end in CRLF. */
    static Batch read(String... lines) throws BatchException, IOException {
        return readBytes(TYPE, String.join("\r\n", lines).getBytes(StandardCharsets.ISO_8859_1));
    }

    static Batch readBytes(String contentType, byte[] body) throws BatchException, IOException {
        return read(contentType, new ByteArrayInputStream(body));
    }

    static Batch read(String contentType, InputStream body) throws BatchException, IOException {
        return new MultipartBatchFormat().read(Dialect.NATIVE, contentType, body, new BatchBuilder(100));
    }

    /** {@link #read(String...)} in OData's dialect. */
    static Batch readOData(String... lines) throws BatchException, IOException {
        byte[] body = String.join("\r\n", lines).getBytes(StandardCharsets.ISO_8859_1);
        return new MultipartBatchFormat()
                .read(Dialect.ODATA, TYPE, new ByteArrayInputStream(body), new BatchBuilder(100));
    }

    /** The body in Latin-1; null if there is none. */
    static @Nullable String body(Subrequest item) {
        ByteBuffer body = item.body();
        return body == null
                ? null
                : StandardCharsets.ISO_8859_1.decode(body.duplicate()).toString();
    }

    static String fault(Subrequest item) {
        return Objects.requireNonNull(item.fault(), "no fault").detail();
    }
}
