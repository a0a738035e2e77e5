package io.multistatus.format.json;

import io.multistatus.format.BatchFormat;
import io.multistatus.format.Dialect;
import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import java.io.IOException;
import java.io.InputStream;

/** Batches and envelopes as JSON (RFC 8259). Reads {@code application/json} and {@code application/*+json}. */
public final class JsonBatchFormat implements BatchFormat {
    /** What it is called first of all. */
    public static final String MEDIA_TYPE = "application/json";

    @Override
    public String mediaType() {
        return MEDIA_TYPE;
    }

    @Override
    public boolean reads(String mediaType) {
        return mediaType.equals(MEDIA_TYPE) || (mediaType.startsWith("application/") && mediaType.endsWith("+json"));
    }

    @Override
    public boolean hasDependencies() {
        return true;
    }

    /** Nor does Microsoft Graph. */
    @Override
    public boolean stopsOnError(Dialect dialect) {
        return false;
    }

    /** A charset parameter says nothing: JSON between systems is UTF-8 (RFC 8259, section 8.1). */
    @Override
    public Batch read(Dialect dialect, String contentType, InputStream body, BatchBuilder batch)
            throws BatchException, IOException {
        return JsonBatchReader.read(dialect, body, batch);
    }

    @Override
    public EnvelopeWriter newWriter(Dialect dialect, int status) {
        return new JsonEnvelopeWriter(dialect, status);
    }
}
