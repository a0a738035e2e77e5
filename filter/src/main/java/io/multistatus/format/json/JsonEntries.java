package io.multistatus.format.json;

import io.multistatus.content.JsonOutput;
import io.multistatus.format.ContentType;
import io.multistatus.format.Dialect;
import io.multistatus.format.FieldNames;
import io.multistatus.format.ReasonPhrase;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Writes what an envelope is made of, whatever stands around it. Not thread-safe. */
final class JsonEntries {
    private final Dialect dialect;
    private final boolean numbered;
    private final JsonOutput output;
    /** By the names as the host spells them, which mostly are the same few for all items. */
    private final Map<String, String> spellings = new HashMap<>();

    private Optional<String> lastTypeField = Optional.empty();
    private Optional<ContentType> lastType = Optional.empty();

    /** @param numbered whether an item without an id says at which place, from 0, it stands in the batch */
    JsonEntries(Dialect dialect, boolean numbered, JsonOutput output) {
        this.dialect = dialect;
        this.numbered = numbered;
        this.output = output;
    }

    /** The object of an item. */
    void writeItem(Subrequest request, Subresponse response, boolean cookiesDropped) throws IOException {
        output.ascii("{");
        ItemId id = request.id();
        if (id != null) {
            output.ascii("\"id\":");
            writeId(id);
            output.ascii(",");
        } else if (numbered) {
            output.ascii("\"index\":").ascii(Integer.toString(request.index())).ascii(",");
        }
        output.ascii("\"status\":").ascii(Integer.toString(response.status()));
        if (dialect == Dialect.NATIVE) {
            output.ascii(",\"message\":").string(ReasonPhrase.of(response.status()));
            if (response.refused()) {
                output.ascii(",\"refused\":true");
            }
        } else if (request.atomicityGroup() != null) {
            output.ascii(",\"atomicityGroup\":").string(request.atomicityGroup());
        }
        output.ascii(",\"headers\":");
        writeHeaders(response.headers());
        if (cookiesDropped && dialect == Dialect.NATIVE) {
            output.ascii(",\"cookies\":\"dropped\"");
        }
        EnvelopeBody.write(dialect, response.body(), contentType(response.headers()), output);
        output.ascii("}");
    }

    /** The value of {@code summary}. */
    void writeSummary(Summary summary) throws IOException {
        output.ascii("{\"total\":").ascii(Integer.toString(summary.total()));
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
        output.ascii("}");
    }

    private void writeId(ItemId id) throws IOException {
        if (id.spelling() == ItemId.Spelling.NUMBER) {
            output.ascii(id.text());
        } else {
            output.string(id.text());
        }
    }

    /** Items of one batch mostly have the same type. */
    private Optional<ContentType> contentType(Headers headers) {
        Optional<String> field = headers.first("Content-Type");
        if (!field.equals(lastTypeField)) {
            lastTypeField = field;
            lastType = field.flatMap(ContentType::parse);
        }
        return lastType;
    }

    /** Repeated fields as one, where the first of them stands (RFC 9110, section 5.3). */
    private void writeHeaders(Headers headers) throws IOException {
        output.ascii("{");
        String separator = "";
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (indexOf(headers, name, 0) == i) {
                boolean repeated = indexOf(headers, name, i + 1) >= 0;
                String value = repeated ? String.join(", ", headers.all(name)) : headers.value(i);
                output.ascii(separator)
                        .string(spellings.computeIfAbsent(name, FieldNames::canonical))
                        .ascii(":")
                        .string(value);
                separator = ",";
            }
        }
        output.ascii("}");
    }

    private static int indexOf(Headers headers, String name, int from) {
        for (int i = from; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }
}
