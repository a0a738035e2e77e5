package io.multistatus.equivalence;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Composes a batch in the JSON format and sends it. Not thread-safe. */
public final class BatchCall {
    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String endpoint;
    private final List<Field> fields = new ArrayList<>();
    private final Map<String, RequestCase> items = new LinkedHashMap<>();

    /** A batch for that path: {@code /app/batch}. */
    public BatchCall(String endpoint) {
        this.endpoint = endpoint;
    }

    /** Adds a header to the outer request. */
    public BatchCall header(String name, String value) {
        fields.add(new Field(name, value));
        return this;
    }

    /** Adds an item; its outer fields are left to {@link #header}. */
    public BatchCall item(String id, RequestCase request) {
        items.put(id, request);
        return this;
    }

    /** The batch as JSON. */
    public byte[] toJson() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeArrayFieldStart("requests");
            for (Map.Entry<String, RequestCase> item : items.entrySet()) {
                write(item.getKey(), item.getValue(), json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** Sends it and gives the outer response, whatever it is. */
    public HttpAnswer exchange(WireClient client) throws IOException {
        List<Field> all = new ArrayList<>(fields);
        all.add(new Field("Content-Type", "application/json"));
        return client.send("POST", endpoint, all, toJson());
    }

    /** Sends it and reads the envelope. */
    public BatchAnswer send(WireClient client) throws IOException {
        return BatchAnswer.read(exchange(client));
    }

    private static void write(String id, RequestCase request, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("method", request.method());
        json.writeStringField("url", request.target());
        if (!request.fields().isEmpty()) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            for (Field field : request.fields()) {
                headers.computeIfAbsent(field.name(), name -> new ArrayList<>()).add(field.value());
            }
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, List<String>> header : headers.entrySet()) {
                json.writeFieldName(header.getKey());
                writeValues(header.getValue(), json);
            }
            json.writeEndObject();
        }
        if (request.body() != null) {
            writeBody(request, json);
        }
        json.writeEndObject();
    }

    private static void writeValues(List<String> values, JsonGenerator json) throws IOException {
        if (values.size() == 1) {
            json.writeString(values.get(0));
            return;
        }
        json.writeStartArray();
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    /** A JSON body verbatim, if it is one; anything else as base64, so that every byte gets through. */
    private static void writeBody(RequestCase request, JsonGenerator json) throws IOException {
        if (request.contentType().startsWith("application/json") && isJson(request.body())) {
            json.writeFieldName("body");
            json.writeRawValue(new String(request.body(), StandardCharsets.UTF_8));
            return;
        }
        json.writeStringField("body", Base64.getUrlEncoder().withoutPadding().encodeToString(request.body()));
        json.writeStringField("bodyEncoding", "base64");
    }

    /** Whether it is one JSON value and nothing around it: only then the very bytes reach the handler. */
    private static boolean isJson(byte[] body) throws IOException {
        String text = new String(body, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), body) || !text.equals(text.strip())) {
            return false;
        }
        try {
            JsonNode value = MAPPER.readTree(text);
            return !value.isMissingNode() && !value.isNull();
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
