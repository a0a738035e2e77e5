package io.multistatus.format.json;

import io.multistatus.content.BodyContent;
import io.multistatus.content.JsonOutput;
import io.multistatus.format.ContentType;
import io.multistatus.format.Dialect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Writes the body of one answer as the members {@code body} and {@code bodyEncoding}: JSON inline as the host's own
 * bytes, text as a string, all else (what has no Content-Type too) as base64url. The envelope is well-formed whatever
 * the host sent.
 */
final class EnvelopeBody {
    private EnvelopeBody() {}

    /** Writes the members, each with a comma before it; nothing for an empty body. In OData's the type says the encoding. */
    static void write(Dialect dialect, ByteBuffer body, Optional<ContentType> type, JsonOutput out) throws IOException {
        if (!body.hasRemaining()) {
            return;
        }
        BodyContent content = BodyContent.of(body, type);
        out.ascii(",\"body\":");
        switch (content.kind()) {
            case JSON -> out.json(content.bytes(), content.offset(), content.length());
            case TEXT -> {
                out.utf8String(content.bytes(), content.offset(), content.length());
                writeEncoding(dialect, "text", out);
            }
            case BINARY -> {
                out.base64String(content.bytes(), content.offset(), content.length());
                writeEncoding(dialect, "base64", out);
            }
        }
    }

    private static void writeEncoding(Dialect dialect, String encoding, JsonOutput out) throws IOException {
        if (dialect == Dialect.NATIVE) {
            out.ascii(",\"bodyEncoding\":\"").ascii(encoding).ascii("\"");
        }
    }
}
