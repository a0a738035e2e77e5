package io.multistatus.format.multipart;

import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a part for each item, as Google's batches do. Not thread-safe. */
final class MultipartEnvelopeWriter implements EnvelopeWriter {
    private final MultipartOutput output = new MultipartOutput("batch_");

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
        output.part(ContentIds.of(request.id(), "response-"), cookiesDropped, request, response, out);
    }

    @Override
    public void end(Summary summary, OutputStream out) throws IOException {
        output.end(out);
    }
}
