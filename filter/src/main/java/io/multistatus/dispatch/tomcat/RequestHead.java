package io.multistatus.dispatch.tomcat;

import io.multistatus.model.Headers;
import io.multistatus.model.WireRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.coyote.Request;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.http.HeaderUtil;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.http.parser.HttpParser;
import org.apache.tomcat.util.res.StringManager;

/**
 * Puts the head of an item into a Coyote request as Tomcat's HTTP/1.1 parser would have done, with the same refusals in
 * the same order. Where the batch came over HTTP/2, the fields are what they would be there: names in lower case (RFC
 * 9113, section 8.2), and the authority no field. Immutable.
 */
final class RequestHead {
    /** In the words of Tomcat's own, which may show in error pages. */
    private static final StringManager MESSAGES = StringManager.getManager(AbstractHttp11Protocol.class);

    private static final boolean LOWERS_NAMES = lowersNames();
    private static final String VERSION_AND_LINE_BREAK = " HTTP/1.1\r\n";

    private final HttpParser rules;
    private final int maxBytes;
    private final int maxFields;
    private final boolean lowerNames;
    private final boolean hostField;

    /** For items of a batch over HTTP/2 or not, whose own request had a Host field or not. */
    RequestHead(AbstractHttp11Protocol<?> protocol, boolean http2, boolean hostField) {
        rules = new HttpParser(protocol.getRelaxedPathChars(), protocol.getRelaxedQueryChars());
        maxBytes = protocol.getMaxHttpRequestHeaderSize();
        maxFields = protocol.getMaxHeaderCount();
        lowerNames = http2 || LOWERS_NAMES;
        this.hostField = hostField;
    }

    /**
     * HTTP/1.1's own parser, which 10.1 still has, gives names in lower case; the one that took its place in 11 did so up
     * to 11.0.11, and had a constant for that.
     */
    private static boolean lowersNames() {
        return has("org.apache.coyote.http11.Http11InputBuffer", type -> type.getDeclaredMethod("parseHeader"))
                || has(
                        "org.apache.tomcat.util.http.parser.HttpHeaderParser",
                        type -> type.getDeclaredField("LC_OFFSET"));
    }

    private static boolean has(String type, Member member) {
        try {
            member.of(Class.forName(type, false, HttpParser.class.getClassLoader()));
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    @FunctionalInterface
    private interface Member {
        Object of(Class<?> type) throws ReflectiveOperationException;
    }

    /**
     * Reads request line and fields.
     *
     * @throws IllegalArgumentException if the parser would have given up: what stands before has been read
     * @throws IllegalStateException if there are too many fields: the first have been read
     */
    @SuppressWarnings("deprecation") // what replaces Request.method() came with 10.1.4x
    void read(WireRequest source, Request into) {
        into.method().setString(source.method());
        int start = source.method().length() + 1;
        byte[] target = source.target().getBytes(StandardCharsets.ISO_8859_1);
        int query = checkTarget(target, start);
        int lineBytes = start + target.length + VERSION_AND_LINE_BREAK.length();
        checkSize(lineBytes);
        // Bytes, or Catalina takes them for decoded and normalised.
        into.requestURI().setBytes(target, 0, query < 0 ? target.length : query);
        if (query >= 0) {
            into.queryString().setBytes(target, query + 1, target.length - query - 1);
        }
        into.getMimeHeaders().setLimit(maxFields);
        readFields(source.headers(), into.getMimeHeaders(), lineBytes);
    }

    /** Returns where the query begins, or -1. */
    private int checkTarget(byte[] target, int start) {
        int query = -1;
        for (int i = 0; i < target.length; i++) {
            checkSize(start + i);
            byte c = target[i];
            if (c == '?' && query < 0) {
                query = i;
            } else if ((query >= 0 && !rules.isQueryRelaxed(c)) || rules.isNotRequestTargetRelaxed(c)) {
                throw new IllegalArgumentException(MESSAGES.getString(
                        "iib.invalidRequestTarget", HeaderUtil.toPrintableString(target, 0, target.length) + " "));
            }
        }
        return query;
    }

    private void readFields(Headers fields, MimeHeaders into, int lineBytes) {
        int position = lineBytes;
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            String value = fields.value(i);
            position += name.length() + ": ".length() + value.length() + "\r\n".length();
            checkSize(position);
            byte[] bytes = value.strip().getBytes(StandardCharsets.ISO_8859_1);
            for (byte c : bytes) {
                // There was a switch, up to 10.1, to overlook such fields. We do not.
                if (HttpParser.isControl(c) && c != '\t') {
                    throw new IllegalArgumentException(MESSAGES.getString(
                            "iib.invalidheader.reject", HeaderUtil.toPrintableString(bytes, 0, bytes.length)));
                }
            }
            if (hostField || !name.equalsIgnoreCase("Host")) {
                into.addValue(lowerNames ? name.toLowerCase(Locale.ROOT) : name).setBytes(bytes, 0, bytes.length);
            }
        }
        checkSize(position + "\r\n".length());
    }

    private void checkSize(int bytes) {
        if (bytes > maxBytes) {
            throw new IllegalArgumentException(MESSAGES.getString("iib.requestheadertoolarge.error"));
        }
    }

    /** Whether all characters of the path may stand in a path. Asked once the head has been read. */
    boolean isPathValid(WireRequest source) {
        String target = source.target();
        for (int i = 0; i < target.length() && target.charAt(i) != '?'; i++) {
            if (!rules.isAbsolutePathRelaxed(target.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
