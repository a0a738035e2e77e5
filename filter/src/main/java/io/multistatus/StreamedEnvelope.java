package io.multistatus;

import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Batch;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.multistatus.wire.HeaderRules;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;

/** The answer to a batch whose items come in the order that they get done. Not thread-safe. */
final class StreamedEnvelope {
    private final Batch batch;
    private final EnvelopeWriter writer;
    private final EnvelopeHead head;
    private boolean begun;

    StreamedEnvelope(Batch batch, EnvelopeWriter writer, EnvelopeHead head) {
        this.batch = batch;
        this.writer = writer;
        this.head = head;
    }

    void writeHead(HttpServletResponse response) {
        head.write(writer.contentType(), response);
        // nginx would hold it back until it is complete.
        response.setHeader("X-Accel-Buffering", "no");
    }

    void writeItem(int item, Subresponse response, OutputStream out) throws IOException {
        begin(out);
        // The header that could have brought them to the client has gone.
        boolean cookiesDropped = response.headers().contains("Set-Cookie");
        writer.item(batch.items().get(item), HeaderRules.forEnvelope(response), cookiesDropped, out);
    }

    void writeKeepAlive(OutputStream out) throws IOException {
        begin(out);
        writer.keepAlive(out);
    }

    void writeEnd(Summary summary, OutputStream out) throws IOException {
        begin(out);
        writer.end(summary, out);
    }

    private void begin(OutputStream out) throws IOException {
        if (!begun) {
            begun = true;
            writer.begin(out);
        }
    }
}
