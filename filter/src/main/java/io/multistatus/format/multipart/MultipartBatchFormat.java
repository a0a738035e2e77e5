package io.multistatus.format.multipart;

import io.multistatus.format.BatchFormat;
import io.multistatus.format.Dialect;
import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import java.io.IOException;
import java.io.InputStream;

/** Batches and envelopes as {@code multipart/mixed} of {@code application/http}; {@code multipart/batch} says the same. */
public final class MultipartBatchFormat implements BatchFormat {
    /** RFC 2046, section 5.1.3. */
    public static final String MEDIA_TYPE = "multipart/mixed";

    private static final String ALIAS = "multipart/batch";

    @Override
    public String mediaType() {
        return MEDIA_TYPE;
    }

    @Override
    public boolean reads(String mediaType) {
        return mediaType.equals(MEDIA_TYPE) || mediaType.equals(ALIAS);
    }

    /** Only URLs that begin with {@code $id} depend on something; it stands earlier in any order. */
    @Override
    public boolean hasDependencies() {
        return false;
    }

    /** As OData says (4.01 Part 1, section 11.7.5). */
    @Override
    public boolean stopsOnError(Dialect dialect) {
        return dialect == Dialect.ODATA;
    }

    @Override
    public Batch read(Dialect dialect, String contentType, InputStream body, BatchBuilder batch)
            throws BatchException, IOException {
        return MultipartBatchReader.read(dialect, contentType, body, batch);
    }

    @Override
    public EnvelopeWriter newWriter(Dialect dialect, int status) {
        return dialect == Dialect.ODATA ? new ODataMultipartWriter() : newNativeWriter(false);
    }

    /**
     * A writer for one envelope of the native dialect.
     *
     * @param streamed whether the parts may stand in another order than the items, so that those without a Content-ID have to
     *     say which they are by other means
     */
    public static EnvelopeWriter newNativeWriter(boolean streamed) {
        return new MultipartEnvelopeWriter(streamed);
    }
}
