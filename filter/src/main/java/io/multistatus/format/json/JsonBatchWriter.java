package io.multistatus.format.json;

import io.multistatus.content.BodyContent;
import io.multistatus.content.JsonOutput;
import io.multistatus.format.ContentType;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes items as a batch that {@link JsonBatchFormat} reads: each with the same method, URL, fields and bytes again, and with
 * what became of it. Not thread-safe.
 */
public final class JsonBatchWriter {
    private final OutputStream out;
    private final JsonOutput output = new JsonOutput();
    private boolean first = true;

    /** Writes to {@code out}, which it does not close. */
    public JsonBatchWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes what stands before the first item. */
    public void begin() throws IOException {
        output.to(out).ascii("{\"requests\":[").handOver();
    }

    /**
     * Writes an item. One that has a fault is written without its method, so that it cannot run as something else than what its client
     * meant.
     *
     * @param item has an id
     * @param lastStatus what it was answered last
     */
    public void item(Subrequest item, int lastStatus) throws IOException {
        output.to(out).ascii(first ? "\n" : ",\n").ascii("{\"id\":");
        first = false;
        ItemId id = Objects.requireNonNull(item.id());
        if (id.spelling() == ItemId.Spelling.NUMBER) {
            output.ascii(id.text());
        } else {
            output.string(id.text());
        }
        output.ascii(",\"lastStatus\":").ascii(Integer.toString(lastStatus));
        if (item.fault() == null) {
            output.ascii(",\"method\":").string(item.method());
        }
        output.ascii(",\"url\":").string(item.url());
        if (item.headers().size() > 0) {
            writeHeaders(item.headers());
        }
        if (!item.dependsOn().isEmpty()) {
            output.ascii(",\"dependsOn\":[");
            String separator = "";
            for (String name : item.dependsOn()) {
                output.ascii(separator).string(name);
                separator = ",";
            }
            output.ascii("]");
        }
        if (item.atomicityGroup() != null) {
            output.ascii(",\"atomicityGroup\":").string(item.atomicityGroup());
        }
        ByteBuffer body = item.body();
        if (body != null) {
            writeBody(body, item.headers());
        }
        output.ascii("}").handOver();
    }

    /** Writes what stands after the last item. */
    public void end() throws IOException {
        output.to(out).ascii("]}\n").handOver();
    }

    private void writeHeaders(Headers headers) throws IOException {
        output.ascii(",\"headers\":{");
        Set<String> written = new TreeSet<>();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (written.add(name.toLowerCase(Locale.ROOT))) {
                output.ascii(written.size() == 1 ? "" : ",").string(name).ascii(":[");
                String separator = "";
                for (String value : headers.all(name)) {
                    output.ascii(separator).string(value);
                    separator = ",";
                }
                output.ascii("]");
            }
        }
        output.ascii("}");
    }

    /** Byte for byte what is to be sent: a request with an {@code Idempotency-Key} has to be the same again. */
    private void writeBody(ByteBuffer body, Headers headers) throws IOException {
        byte[] bytes = new byte[body.remaining()];
        body.duplicate().get(bytes);
        Optional<ContentType> type = headers.first("Content-Type").flatMap(ContentType::parse);
        BodyContent.Kind kind = bytes.length == 0
                ? BodyContent.Kind.BINARY
                : kindOfAll(BodyContent.of(ByteBuffer.wrap(bytes), type), bytes, type);
        output.ascii(",\"bodyEncoding\":")
                .string(
                        switch (kind) {
                            case JSON -> "json";
                            case TEXT -> "text";
                            case BINARY -> "base64";
                        });
        output.ascii(",\"body\":");
        switch (kind) {
            case JSON -> output.json(bytes, 0, bytes.length);
            case TEXT -> output.utf8String(bytes, 0, bytes.length);
            case BINARY -> output.base64String(bytes, 0, bytes.length);
        }
    }

    private static BodyContent.Kind kindOfAll(BodyContent content, byte[] bytes, Optional<ContentType> type) {
        boolean whole = content.bytes() == bytes && content.offset() == 0 && content.length() == bytes.length;
        boolean utf8 = type.flatMap(ContentType::charset)
                .map(charset -> charset.equalsIgnoreCase(StandardCharsets.UTF_8.name()))
                .orElse(true);
        // White space around a value is not part of it where it is read again.
        boolean trimmed = bytes[0] > ' ' && bytes[bytes.length - 1] > ' ';
        boolean exact = whole && (content.kind() == BodyContent.Kind.JSON ? trimmed : utf8);
        return exact ? content.kind() : BodyContent.Kind.BINARY;
    }
}
