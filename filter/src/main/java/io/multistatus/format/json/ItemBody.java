package io.multistatus.format.json;

import com.fasterxml.jackson.core.JsonToken;
import io.multistatus.content.Charsets;
import io.multistatus.content.StrictJson;
import io.multistatus.format.ContentType;
import io.multistatus.model.Problem;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From the {@code body} member of an item to the bytes that its handler reads. */
final class ItemBody {

    /** The body does not suit its encoding: the item's fault. */
    static final class UnsuitableBodyException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String detail;

        UnsuitableBodyException(String detail) {
            super(detail);
            this.detail = detail;
        }

        String detail() {
            return detail;
        }
    }

    /** How the bytes are written in JSON. */
    enum Encoding {
        /** As the JSON value itself. */
        JSON,
        /** As a string that says the text. */
        TEXT,
        /** As a string of base64url or base64. */
        BASE64;

        /** The encoding that a {@code bodyEncoding} member names. */
        static Optional<Encoding> named(String name) {
            return switch (name) {
                case "json" -> Optional.of(JSON);
                case "text" -> Optional.of(TEXT);
                case "base64" -> Optional.of(BASE64);
                default -> Optional.empty();
            };
        }

        /** The encoding that goes without saying; {@code field} is the item's Content-Type, null if it has none. */
        static Encoding of(@Nullable String field) {
            if (field == null) {
                return JSON;
            }
            Optional<ContentType> type = ContentType.parse(field);
            if (type.filter(ContentType::isJson).isPresent()) {
                return JSON;
            }
            return type.filter(t -> t.isText() || t.isXml() || t.isForm()).isPresent() ? TEXT : BASE64;
        }
    }

    private ItemBody() {}

    /**
     * The bytes to send.
     *
     * @param json the member's value as the client wrote it, without white space around it
     * @param token what kind of value it is
     * @param contentType the item's Content-Type, null if it has none
     */
    static ByteBuffer decode(ByteBuffer json, JsonToken token, Encoding encoding, @Nullable String contentType)
            throws UnsuitableBodyException {
        int offset = json.arrayOffset() + json.position();
        if (encoding == Encoding.JSON) {
            return ByteBuffer.wrap(Arrays.copyOfRange(json.array(), offset, offset + json.remaining()));
        }
        if (token != JsonToken.VALUE_STRING) {
            throw new UnsuitableBodyException("body must be a string, as "
                    + (encoding == Encoding.TEXT ? "text" : "base64") + " (Content-Type "
                    + (contentType == null ? "absent" : Problem.quote(contentType)) + "), but is "
                    + JsonFaults.kind(token));
        }
        String text = StrictJson.decodeString(json.array(), offset, json.remaining());
        return encoding == Encoding.TEXT ? encode(text, contentType) : decodeBase64(text);
    }

    private static ByteBuffer encode(String text, @Nullable String contentType) throws UnsuitableBodyException {
        Charset charset = charset(contentType);
        try {
            ByteBuffer encoded = charset.newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return ByteBuffer.wrap(bytes);
        } catch (CharacterCodingException e) {
            throw new UnsuitableBodyException("body has a character that " + charset.name() + " cannot encode");
        }
    }

    private static Charset charset(@Nullable String contentType) throws UnsuitableBodyException {
        Optional<String> name =
                Optional.ofNullable(contentType).flatMap(ContentType::parse).flatMap(ContentType::charset);
        if (name.isEmpty()) {
            return StandardCharsets.UTF_8;
        }
        Charset charset = Charsets.find(name.get()).filter(Charset::canEncode).orElse(null);
        if (charset == null) {
            throw new UnsuitableBodyException("the charset " + Problem.quote(name.get()) + " is not supported");
        }
        return charset;
    }

    /** Both alphabets, padding optional, nothing else. */
    private static ByteBuffer decodeBase64(String text) throws UnsuitableBodyException {
        // What is not Latin-1 becomes '?', which is in neither alphabet.
        byte[] encoded = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '-') {
                encoded[i] = '+';
            } else if (encoded[i] == '_') {
                encoded[i] = '/';
            }
        }
        try {
            return ByteBuffer.wrap(Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException e) {
            throw new UnsuitableBodyException("body is not base64url or base64");
        }
    }
}
