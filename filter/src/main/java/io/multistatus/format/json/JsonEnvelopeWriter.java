package io.multistatus.format.json;

import io.multistatus.format.EnvelopeWriter;
import io.multistatus.format.ReasonPhrase;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the JSON envelope. Each call leaves all it wrote with the stream it was given. Not thread-safe. */
final class JsonEnvelopeWriter implements EnvelopeWriter {
    private final int status;
    private final JsonOutput output = new JsonOutput();
    private boolean first = true;

    JsonEnvelopeWriter(int status) {
        this.status = status;
    }

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        output.to(out).ascii("{\"status\":").ascii(Integer.toString(status)).ascii(",\"responses\":[");
        output.handOver();
    }

    @Override
    public void item(Subrequest request, Subresponse response, boolean cookiesDropped, OutputStream out)
            throws IOException {
        output.to(out).ascii(first ? "\n{" : ",\n{");
        first = false;
        ItemId id = request.id();
        if (id != null) {
            output.ascii("\"id\":");
            writeId(id);
            output.ascii(",");
        }
        output.ascii("\"status\":").ascii(Integer.toString(response.status()));
        output.ascii(",\"message\":").string(ReasonPhrase.of(response.status()));
        output.ascii(",\"headers\":");
        writeHeaders(response.headers());
        if (cookiesDropped) {
            output.ascii(",\"cookies\":\"dropped\"");
        }
        EnvelopeBody.write(response, output);
        output.ascii("}").handOver();
    }

    @Override
    public void end(Summary summary, OutputStream out) throws IOException {
        output.to(out).ascii("],\n\"summary\":{\"total\":").ascii(Integer.toString(summary.total()));
        output.ascii(",\"succeeded\":").ascii(Integer.toString(summary.succeeded()));
        output.ascii(",\"failed\":").ascii(Integer.toString(summary.failed()));
        output.ascii(",\"retryable\":[");
        String separator = "";
        for (ItemId id : summary.retryable()) {
            output.ascii(separator);
            writeId(id);
            separator = ",";
        }
        output.ascii("]");
        if (summary.retryAfter().isPresent()) {
            output.ascii(",\"retryAfter\":")
                    .ascii(Long.toString(summary.retryAfter().getAsLong()));
        }
        output.ascii("}}\n").handOver();
    }

    private void writeId(ItemId id) throws IOException {
        if (id.numeric()) {
            output.ascii(id.text());
        } else {
            output.string(id.text());
        }
    }

    /** Repeated fields as one, in the order they stand (RFC 9110, section 5.3). */
    private void writeHeaders(Headers headers) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        headers.forEach((name, value) -> fields.merge(FieldNames.canonical(name), value, (a, b) -> a + ", " + b));
        output.ascii("{");
        String separator = "";
        for (Map.Entry<String, String> field : fields.entrySet()) {
            output.ascii(separator).string(field.getKey()).ascii(":").string(field.getValue());
            separator = ",";
        }
        output.ascii("}");
    }
}
