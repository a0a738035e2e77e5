package io.multistatus.format.json;

import io.multistatus.content.JsonOutput;
import io.multistatus.format.Dialect;
import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the JSON envelope. Each call leaves all it wrote with the stream it was given. Not thread-safe. */
final class JsonEnvelopeWriter implements EnvelopeWriter {
    private final Dialect dialect;
    private final int status;
    private final JsonOutput output = new JsonOutput();
    private final JsonEntries entries;
    private boolean first = true;

    JsonEnvelopeWriter(Dialect dialect, int status) {
        this.dialect = dialect;
        this.status = status;
        this.entries = new JsonEntries(dialect, false, output);
    }

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        output.to(out).ascii("{");
        if (dialect == Dialect.NATIVE) {
            output.ascii("\"status\":").ascii(Integer.toString(status)).ascii(",");
        }
        output.ascii("\"responses\":[").handOver();
    }

    @Override
    public void item(Subrequest request, Subresponse response, boolean cookiesDropped, OutputStream out)
            throws IOException {
        output.to(out).ascii(first ? "\n" : ",\n");
        first = false;
        entries.writeItem(request, response, cookiesDropped);
        output.handOver();
    }

    @Override
    public void keepAlive(OutputStream out) throws IOException {
        out.write('\n');
    }

    @Override
    public void end(Summary summary, OutputStream out) throws IOException {
        output.to(out).ascii("]");
        if (dialect == Dialect.NATIVE) {
            output.ascii(",\n\"summary\":");
            entries.writeSummary(summary);
        }
        output.ascii("}\n").handOver();
    }
}
