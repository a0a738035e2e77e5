package io.multistatus.idempotency;

import io.multistatus.model.HttpSyntax;
import io.multistatus.model.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The value of an {@code Idempotency-Key} field (draft-ietf-httpapi-idempotency-key-header-06, section 2.1): an item of a
 * structured field that is a string (RFC 9651, section 3.3.3). Many clients write the key without quotes; that is taken as well,
 * where it is made of what may stand in a URI. Immutable.
 *
 * @param value the key itself
 */
public record IdempotencyKey(String value) {
    /** The name of the field. */
    public static final String FIELD = "Idempotency-Key";

    private static final int MAX_LENGTH = 255;
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+=%|-]+");

    /**
     * Reads the field.
     *
     * @param values the values of all fields of the name, at least one
     * @throws MalformedKeyException if they are not one key
     */
    public static IdempotencyKey parse(List<String> values) throws MalformedKeyException {
        if (values.size() != 1) {
            throw new MalformedKeyException("there are " + values.size() + " of them");
        }
        String text = HttpSyntax.trim(values.get(0));
        String key = text.startsWith("\"") ? unquote(text) : bare(text);
        if (key.isEmpty()) {
            throw new MalformedKeyException("it is empty");
        }
        if (key.length() > MAX_LENGTH) {
            throw new MalformedKeyException("it has " + key.length() + " characters; the most are " + MAX_LENGTH);
        }
        return new IdempotencyKey(key);
    }

    private static String bare(String text) throws MalformedKeyException {
        if (!text.isEmpty() && !BARE.matcher(text).matches()) {
            throw new MalformedKeyException(Problem.quote(text) + " is no string in quotes");
        }
        return text;
    }

    /** {@code DQUOTE *( unescaped / "\" ( DQUOTE / "\" ) ) DQUOTE}, without parameters behind it. */
    private static String unquote(String text) throws MalformedKeyException {
        StringBuilder key = new StringBuilder(text.length());
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' && i == text.length() - 1) {
                return key.toString();
            }
            if (c == '\\' && i + 1 < text.length()) {
                c = text.charAt(++i);
                if (c != '"' && c != '\\') {
                    break;
                }
            } else if (c == '"' || c < ' ' || c > '~') {
                break;
            }
            key.append(c);
        }
        throw new MalformedKeyException(Problem.quote(text) + " is no string of printable ASCII in quotes");
    }

    /**
     * The key of an item of a batch that has this key: the same for the same item whenever the batch is sent again.
     *
     * @param id what the item is called, if it is
     * @param index at which place it stands in the batch
     */
    public IdempotencyKey ofItem(Optional<String> id, int index) {
        // What is encoded has no asterisk at the beginning.
        String name = id.map(text -> URLEncoder.encode(text, StandardCharsets.UTF_8)
                        .replace("*", "%2A")
                        .replace("+", "%20"))
                .orElse("*" + index);
        String whole = value + "/" + name;
        return new IdempotencyKey(whole.length() <= MAX_LENGTH ? whole : "sha-256:" + Digests.sha256(whole));
    }

    /** The key as the value of a field. */
    public String toField() {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
