package io.multistatus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.multistatus.execution.ExecutionMode;
import io.multistatus.format.BatchFormat;
import io.multistatus.format.Dialect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What the endpoint says of itself, as JSON, so that clients can adapt: formats, limits, features. */
final class CapabilitiesDocument {
    private static final JsonFactory JSON = new JsonFactory();
    private static final List<String> FEATURES =
            List.of("dependsOn", "execution", "continue-on-error", "cookies", "partial-results", "references");

    private CapabilitiesDocument() {}

    /** The document, for the moment. */
    static byte[] json(BatchConfig config, Dialect dialect, List<BatchFormat> formats, Offer offer) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            json.writeArrayFieldStart("formats");
            for (BatchFormat format : formats) {
                json.writeString(format.mediaType());
            }
            json.writeEndArray();
            json.writeArrayFieldStart("streams");
            for (String mediaType : BatchFormats.streams(dialect)) {
                json.writeString(mediaType);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("descriptions");
            json.writeString(OpenApiDocument.MEDIA_TYPE);
            json.writeEndArray();
            json.writeObjectFieldStart("limits");
            json.writeNumberField("maxRequests", config.maxRequests());
            json.writeNumberField("maxBatchBytes", config.maxBatchBytes());
            json.writeNumberField("maxResponseBytes", config.maxResponseBytes());
            json.writeNumberField("maxEnvelopeBytes", config.maxEnvelopeBytes());
            json.writeNumberField("maxConcurrency", config.maxConcurrency());
            json.writeNumberField("itemTimeoutMillis", config.itemTimeout().toMillis());
            json.writeNumberField("batchTimeoutMillis", config.batchTimeout().toMillis());
            if (offer.jobs()) {
                json.writeNumberField(
                        "jobTimeoutMillis", config.jobs().timeout().toMillis());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("execution");
            json.writeStringField("default", lowerCase(config.execution()));
            json.writeArrayFieldStart("supported");
            for (ExecutionMode mode : ExecutionMode.values()) {
                json.writeString(lowerCase(mode));
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeArrayFieldStart("features");
            for (String feature : FEATURES) {
                json.writeString(feature);
            }
            if (dialect == Dialect.NATIVE) {
                json.writeString("multi-status");
            }
            for (String feature : offer.features()) {
                json.writeString(feature);
            }
            json.writeEndArray();
            List<String> keyPaths = offer.keyPaths().orElse(List.of());
            if (!keyPaths.isEmpty()) {
                json.writeObjectFieldStart("idempotency");
                json.writeArrayFieldStart("paths");
                for (String path : keyPaths) {
                    json.writeString(path);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        return body.toByteArray();
    }

    private static String lowerCase(ExecutionMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
