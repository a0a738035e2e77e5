package io.multistatus.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Problem details (RFC 9457). Immutable.
 *
 * @param status the HTTP status
 * @param name what follows {@code urn:multistatus:} in the type
 * @param title what kind of problem this is, the same for every occurrence
 * @param detail what went wrong here; names the culprit
 * @param members extension members: numbers or strings, in the order they are written
 */
public record Problem(int status, String name, String title, String detail, Map<String, Object> members) {
    /** The media type of {@link #toJson()}. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** The extension member of {@link #limitedBy}. */
    public static final String SETTING = "setting";

    /** The most characters of what a client wrote that a message repeats. */
    private static final int MAX_QUOTED = 64;

    /** Writes ASCII only: half a surrogate pair, quoted from a client, has an escape but no bytes. */
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** Copies the members, so that the problem is immutable. */
    public Problem {
        members = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** A problem whose detail repeats the title until {@link #detail(String)} says more. */
    public static Problem of(int status, String name, String title) {
        return new Problem(status, name, title, title, Map.of());
    }

    /** 400: the batch cannot be read, so nothing of it runs. */
    public static Problem malformedBatch(String detail) {
        return of(400, "malformed-batch", "The batch is malformed").detail(detail);
    }

    /** 400: one item cannot be run; the others can. */
    public static Problem malformedRequest(String detail) {
        return of(400, "malformed-request", "The subrequest is malformed").detail(detail);
    }

    /** Quotes what a client wrote: bounded, and without what could make a mess of a log. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder(MAX_QUOTED).append('\'');
        text.codePoints().limit(MAX_QUOTED).forEach(c -> quoted.appendCodePoint(isPlain(c) ? c : '\uFFFD'));
        if (text.codePointCount(0, text.length()) > MAX_QUOTED) {
            quoted.append("...");
        }
        return quoted.append('\'').toString();
    }

    private static boolean isPlain(int c) {
        return !Character.isISOControl(c) && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
    }

    /** This problem with another detail. */
    public Problem detail(String newDetail) {
        return new Problem(status, name, title, newDetail, members);
    }

    /** This problem with one more extension member, a number or a string. */
    public Problem with(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new Problem(status, name, title, detail, more);
    }

    /** This problem with the extension member that says which limit has been reached, by its key in the configuration. */
    public Problem limitedBy(String setting) {
        return with(SETTING, setting);
    }

    /** The type URI: {@code urn:multistatus:} and the name. */
    public String type() {
        return "urn:multistatus:" + name;
    }

    /** The problem as {@code application/problem+json}, in UTF-8. */
    public byte[] toJson() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("type", type());
            json.writeStringField("title", title);
            json.writeNumberField("status", status);
            json.writeStringField("detail", detail);
            for (Map.Entry<String, Object> member : members.entrySet()) {
                if (member.getValue() instanceof Number number) {
                    json.writeNumberField(member.getKey(), number.longValue());
                } else {
                    json.writeStringField(member.getKey(), member.getValue().toString());
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
