package io.multistatus.format;

import io.multistatus.model.HttpSyntax;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A media type with its parameters (RFC 9110, section 8.3.1). Immutable.
 *
 * @param type the type in lower case: {@code application}
 * @param subtype the subtype in lower case: {@code json}
 * @param parameters names in lower case, values unquoted but otherwise as written; the first of a repeated name counts
 */
public record ContentType(String type, String subtype, Map<String, String> parameters) {

    /** Copies the parameters, so that the value is immutable. */
    public ContentType {
        parameters = Map.copyOf(parameters);
    }

    /**
     * Reads the value of a Content-Type field. What is wrong with one parameter costs only that parameter.
     *
     * @return empty if {@code value} does not begin with a media type
     */
    public static Optional<ContentType> parse(String value) {
        int end = value.indexOf(';');
        String essence = HttpSyntax.trim(end < 0 ? value : value.substring(0, end));
        int slash = essence.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        String type = essence.substring(0, slash);
        String subtype = essence.substring(slash + 1);
        if (!HttpSyntax.isToken(type) || !HttpSyntax.isToken(subtype)) {
            return Optional.empty();
        }
        return Optional.of(
                new ContentType(type.toLowerCase(Locale.ROOT), subtype.toLowerCase(Locale.ROOT), parameters(value)));
    }

    /** Type and subtype without parameters: {@code application/json}. */
    public String essence() {
        return type + '/' + subtype;
    }

    /** The value of a parameter; {@code name} in lower case. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** The charset parameter, as written: it may name a charset that nobody knows. */
    public Optional<String> charset() {
        return parameter("charset");
    }

    /** Whether it is JSON: {@code application/json}, {@code text/json} or any {@code +json}. */
    public boolean isJson() {
        return (subtype.equals("json") && (type.equals("application") || type.equals("text")))
                || subtype.endsWith("+json");
    }

    /** Whether it is XML (RFC 7303): {@code application/xml}, {@code text/xml} or any {@code +xml}. */
    public boolean isXml() {
        return (subtype.equals("xml") && (type.equals("application") || type.equals("text")))
                || subtype.endsWith("+xml");
    }

    /** Whether it is of the {@code text} type, whatever the subtype. */
    public boolean isText() {
        return type.equals("text");
    }

    /** Whether it is a URL-encoded form. */
    public boolean isForm() {
        return type.equals("application") && subtype.equals("x-www-form-urlencoded");
    }

    /** The parameters in the value of a Content-Type field as they are written, right or wrong. */
    public static List<String> writtenParameters(String value) {
        List<String> written = new ArrayList<>();
        int at = value.indexOf(';');
        while (at >= 0 && at < value.length()) {
            int end = endOfParameter(value, at + 1);
            written.add(HttpSyntax.trim(value.substring(at + 1, end)));
            at = end;
        }
        return written;
    }

    /** {@code *( OWS ";" OWS [ parameter ] )} from the first semicolon on (RFC 9110, section 5.6.6). */
    private static Map<String, String> parameters(String value) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : writtenParameters(value)) {
            int equals = parameter.indexOf('=');
            if (equals > 0 && HttpSyntax.isToken(parameter.substring(0, equals))) {
                unquote(parameter.substring(equals + 1))
                        .ifPresent(text -> parameters.putIfAbsent(
                                parameter.substring(0, equals).toLowerCase(Locale.ROOT), text));
            }
        }
        return parameters;
    }

    /** The next semicolon that is not inside a quoted string, or the end. */
    private static int endOfParameter(String value, int begin) {
        boolean quoted = false;
        for (int i = begin; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == ';' && !quoted) {
                return i;
            }
        }
        return value.length();
    }

    /** A token as it is, a quoted string without its quotes and escapes; empty for anything else. */
    private static Optional<String> unquote(String text) {
        if (!text.startsWith("\"")) {
            return HttpSyntax.isToken(text) ? Optional.of(text) : Optional.empty();
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i == text.length() - 1 ? Optional.of(plain.toString()) : Optional.empty();
            }
            if (c == '\\' && i + 1 < text.length()) {
                c = text.charAt(++i);
            }
            plain.append(c);
        }
        return Optional.empty();
    }
}
