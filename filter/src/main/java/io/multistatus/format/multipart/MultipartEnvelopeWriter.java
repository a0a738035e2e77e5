package io.multistatus.format.multipart;

import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Headers;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a part for each item, as Google's batches do. Not thread-safe. */
final class MultipartEnvelopeWriter implements EnvelopeWriter {
    private final MultipartOutput output = new MultipartOutput("batch_");
    private final boolean numbered;

    /** @param numbered whether parts without a Content-ID say at which place, from 0, their item stands in the batch */
    MultipartEnvelopeWriter(boolean numbered) {
        this.numbered = numbered;
    }

    @Override
    public String contentType() {
        return output.contentType();
    }

    @Override
    public void begin(OutputStream out) {
        // The first delimiter stands before the first item.
    }

    @Override
    public void item(Subrequest request, Subresponse response, boolean cookiesDropped, OutputStream out)
            throws IOException {
        Headers.Builder fields = Headers.builder();
        ContentIds.of(request.id(), "response-").ifPresent(id -> fields.add("Content-ID", id));
        if (request.id() == null && numbered) {
            fields.add("Batch-Index", String.valueOf(request.index()));
        }
        if (cookiesDropped) {
            fields.add("Batch-Cookies", "dropped");
        }
        output.part(fields.build(), request, response, out);
    }

    @Override
    public void keepAlive(OutputStream out) throws IOException {
        output.keepAlive(out);
    }

    @Override
    public void end(Summary summary, OutputStream out) throws IOException {
        output.end(out);
    }
}
