package io.multistatus.format.json;

import io.multistatus.format.BatchFormat;
import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import java.io.IOException;
import java.io.InputStream;

/** Batches and envelopes as JSON (RFC 8259). Reads {@code application/json} and {@code application/*+json}. */
public final class JsonBatchFormat implements BatchFormat {
    private static final String MEDIA_TYPE = "application/json";

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

    /** A charset parameter says nothing: JSON between systems is UTF-8 (RFC 8259, section 8.1). */
    @Override
    public Batch read(String contentType, InputStream body, BatchBuilder batch) throws BatchException, IOException {
        return JsonBatchReader.read(body, batch);
    }

    @Override
    public EnvelopeWriter newWriter(int status) {
        return new JsonEnvelopeWriter(status);
    }
}
