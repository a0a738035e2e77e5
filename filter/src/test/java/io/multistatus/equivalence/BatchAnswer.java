package io.multistatus.equivalence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The answer to a batch in the JSON format.
 *
 * @param http the outer response
 * @param items the items in the order of the envelope
 */
public record BatchAnswer(HttpAnswer http, List<ItemAnswer> items) {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads an envelope.
     *
     * @throws IOException if there is none, or it is not well-formed
     */
    public static BatchAnswer read(HttpAnswer http) throws IOException {
        if (http.broken() != null || (http.status() != 207 && http.status() != 200)) {
            throw new IOException("no envelope but status " + http.status() + ", broken: " + http.broken() + ", "
                    + http.fields() + "\n" + http.text());
        }
        return new BatchAnswer(http, new EnvelopeReader(http.body()).read());
    }

    /** The item of that id. */
    public ItemAnswer item(String id) {
        return items.stream()
                .filter(item -> item.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no item '" + id + "' in the envelope"));
    }

    /** Reads with byte offsets, because inline bodies are to be compared byte for byte. */
    private static final class EnvelopeReader {
        private final byte[] envelope;

        EnvelopeReader(byte[] envelope) {
            this.envelope = envelope;
        }

        List<ItemAnswer> read() throws IOException {
            List<ItemAnswer> items = new ArrayList<>();
            try (JsonParser json = JSON.createParser(envelope)) {
                expect(json, JsonToken.START_OBJECT);
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String member = json.currentName();
                    json.nextToken();
                    if (!member.equals("responses")) {
                        json.skipChildren();
                        continue;
                    }
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        items.add(readItem(json));
                    }
                }
                if (json.nextToken() != null) {
                    throw new IOException("something follows the envelope");
                }
            }
            return items;
        }

        private ItemAnswer readItem(JsonParser json) throws IOException {
            String id = "";
            int status = 0;
            Map<String, String> headers = new LinkedHashMap<>();
            byte[] body = null;
            String text = null;
            String encoding = "json";
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String member = json.currentName();
                JsonToken value = json.nextToken();
                switch (member) {
                    case "id" -> id = json.getText();
                    case "status" -> status = json.getIntValue();
                    case "headers" -> {
                        while (json.nextToken() == JsonToken.FIELD_NAME) {
                            String name = json.currentName();
                            json.nextToken();
                            headers.put(name, json.getText());
                        }
                    }
                    case "body" -> {
                        text = value == JsonToken.VALUE_STRING ? json.getText() : null;
                        body = rawValue(json);
                    }
                    case "bodyEncoding" -> encoding = json.getText();
                    default -> json.skipChildren();
                }
            }
            return new ItemAnswer(id, status, headers, body(body, text, encoding));
        }

        private static ItemBody body(byte[] raw, String text, String encoding) throws IOException {
            if (raw == null) {
                return ItemBody.none();
            }
            return switch (encoding) {
                case "json" -> new ItemBody(ItemBody.Encoding.JSON, raw);
                case "text" -> ItemBody.ofText(text);
                case "base64" -> ItemBody.ofBase64(text);
                default -> throw new IOException("unknown bodyEncoding '" + encoding + "'");
            };
        }

        /** The bytes of the value that the parser stands at. */
        private byte[] rawValue(JsonParser json) throws IOException {
            int from = (int) json.currentTokenLocation().getByteOffset();
            json.skipChildren();
            json.finishToken();
            return Arrays.copyOfRange(
                    envelope, from, (int) json.currentLocation().getByteOffset());
        }

        private static void expect(JsonParser json, JsonToken token) throws IOException {
            if (json.nextToken() != token) {
                throw new IOException("the envelope begins with " + json.currentToken());
            }
        }
    }
}
