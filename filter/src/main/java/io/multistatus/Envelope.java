package io.multistatus;

import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.multistatus.wire.HeaderRules;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.BitSet;
import java.util.List;

/**
 * The answer to a batch, written piece by piece: at no time is more than one item rendered in memory. Not thread-safe.
 */
final class Envelope {
    /** For the status line, what the container adds when it sends the header, and filters in front. */
    private static final int HEADER_RESERVE_BYTES = 1024;
    /** Colon, space and line break. */
    private static final int FIELD_EXTRA = 4;

    private final Batch batch;
    private final List<Subresponse> responses;
    private final Summary summary;
    private final EnvelopeWriter writer;
    private final EnvelopeHead head;
    private final BitSet cookiesDropped = new BitSet();

    /** -1: the beginning is next; the number of items: the end is next; above that: all is written. */
    private int next = -1;

    Envelope(Batch batch, List<Subresponse> responses, Summary summary, EnvelopeWriter writer, EnvelopeHead head) {
        this.batch = batch;
        this.responses = responses;
        this.summary = summary;
        this.writer = writer;
        this.head = head;
    }

    /** Sets status and headers, the items' cookies among them. */
    void writeHead(HttpServletResponse response) {
        head.write(writer.contentType(), response);
        if (head.summarised()) {
            response.setHeader(
                    "Batch-Summary",
                    "total=" + summary.total() + ", succeeded=" + summary.succeeded() + ", failed=" + summary.failed());
        }
        addCookies(response);
    }

    /** As many as the header has room for: with one too many the container would send no answer to any item. */
    private void addCookies(HttpServletResponse response) {
        long room = (long) head.maxHeaderBytes() - HEADER_RESERVE_BYTES - headerBytes(response);
        for (int i = 0; i < responses.size(); i++) {
            Headers headers = responses.get(i).headers();
            if (!headers.contains("Set-Cookie")) {
                continue;
            }
            List<String> cookies = headers.all("Set-Cookie");
            long bytes = cookies.stream()
                    .mapToLong(cookie -> fieldBytes("Set-Cookie", cookie))
                    .sum();
            if (bytes > room) {
                cookiesDropped.set(i);
            } else {
                room -= bytes;
                cookies.forEach(cookie -> response.addHeader("Set-Cookie", cookie));
            }
        }
    }

    private static long headerBytes(HttpServletResponse response) {
        long bytes = 0;
        for (String name : response.getHeaderNames()) {
            for (String value : response.getHeaders(name)) {
                bytes += fieldBytes(name, value);
            }
        }
        return bytes;
    }

    private static int fieldBytes(String name, String value) {
        return name.length() + value.length() + FIELD_EXTRA;
    }

    boolean hasNext() {
        return next <= batch.size();
    }

    /** Writes the next piece of the body. */
    void writeNext(OutputStream out) throws IOException {
        if (next < 0) {
            writer.begin(out);
        } else if (next < batch.size()) {
            Subresponse visible = HeaderRules.forEnvelope(responses.get(next));
            writer.item(batch.items().get(next), visible, cookiesDropped.get(next), out);
        } else {
            writer.end(summary, out);
        }
        next++;
    }
}
