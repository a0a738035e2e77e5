package io.multistatus.format.json;

import io.multistatus.content.JsonOutput;
import io.multistatus.format.Dialect;
import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a line of JSON for each item, and one for the batch as a whole. Each call leaves all it wrote with the stream it
 * was given. Not thread-safe.
 */
public final class NdjsonEnvelopeWriter implements EnvelopeWriter {
    /** There is no registration; this is what everybody writes. */
    public static final String MEDIA_TYPE = "application/x-ndjson";

    private final int status;
    private final JsonOutput output = new JsonOutput(true);
    private final JsonEntries entries;

    /**
     * A writer for one envelope.
     *
     * @param status the status of the answer as a whole
     */
    public NdjsonEnvelopeWriter(Dialect dialect, int status) {
        this.status = status;
        this.entries = new JsonEntries(dialect, true, output);
    }

    @Override
    public String contentType() {
        return MEDIA_TYPE;
    }

    @Override
    public void begin(OutputStream out) {
        // Items stand for themselves.
    }

    @Override
    public void item(Subrequest request, Subresponse response, boolean cookiesDropped, OutputStream out)
            throws IOException {
        output.to(out);
        entries.writeItem(request, response, cookiesDropped);
        output.ascii("\n").handOver();
    }

    @Override
    public void keepAlive(OutputStream out) throws IOException {
        out.write('\n');
    }

    @Override
    public void end(Summary summary, OutputStream out) throws IOException {
        output.to(out).ascii("{\"status\":").ascii(Integer.toString(status)).ascii(",\"summary\":");
        entries.writeSummary(summary);
        output.ascii("}\n").handOver();
    }
}
