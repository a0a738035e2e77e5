package io.multistatus;

import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Batch;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.multistatus.wire.HeaderRules;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * The answer to a batch, written piece by piece: at no time is more than one item rendered in memory. Not thread-safe.
 */
final class Envelope {
    private final Batch batch;
    private final List<Subresponse> responses;
    private final Summary summary;
    private final EnvelopeWriter writer;
    private final int status;
    private final List<String> appliedPreferences;

    /** -1: the beginning is next; the number of items: the end is next; above that: all is written. */
    private int next = -1;

    Envelope(
            Batch batch,
            List<Subresponse> responses,
            Summary summary,
            EnvelopeWriter writer,
            int status,
            List<String> appliedPreferences) {
        this.batch = batch;
        this.responses = responses;
        this.summary = summary;
        this.writer = writer;
        this.status = status;
        this.appliedPreferences = appliedPreferences;
    }

    /** Sets status and headers, the items' cookies among them. */
    void writeHead(HttpServletResponse response) {
        response.setStatus(status);
        response.setContentType(writer.contentType());
        response.setHeader("Cache-Control", "no-store");
        response.addHeader("Vary", "Prefer, Accept, User-Agent");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader(
                "Batch-Summary",
                "total=" + summary.total() + ", succeeded=" + summary.succeeded() + ", failed=" + summary.failed());
        if (!appliedPreferences.isEmpty()) {
            response.setHeader("Preference-Applied", String.join(", ", appliedPreferences));
        }
        for (Subresponse item : responses) {
            item.headers().all("Set-Cookie").forEach(cookie -> response.addHeader("Set-Cookie", cookie));
        }
    }

    boolean hasNext() {
        return next <= batch.size();
    }

    /** Writes the next piece of the body. */
    void writeNext(OutputStream out) throws IOException {
        if (next < 0) {
            writer.begin(out);
        } else if (next < batch.size()) {
            Subresponse response = responses.get(next);
            Subresponse visible = new Subresponse(
                    response.status(),
                    HeaderRules.forEnvelope(response.headers()),
                    response.body(),
                    response.problem());
            writer.item(batch.items().get(next), visible, out);
        } else {
            writer.end(summary, out);
        }
        next++;
    }
}
