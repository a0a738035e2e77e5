package io.multistatus.apps.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.multistatus.support.Envelopes;
import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A description as it was served, and a validator for what it says. */
final class Described {
    static final String MEDIA_TYPE = "application/vnd.oai.openapi+json";

    private static final String IRI = "https://shop.example/openapi.json";
    private static final String SCHEMAS = "#/components/schemas/";
    /** What comes from clients may have members that nobody knows. */
    private static final List<String> FROM_CLIENTS =
            List.of("BatchRequest", "Subrequest", "ODataBatchRequest", "ODataSubrequest");

    private final JsonNode document;
    private final SchemaRegistry registry;

    private Described(JsonNode document) {
        this.document = document;
        JsonNode closed = document.deepCopy();
        closed.at("/components/schemas").properties().stream()
                .filter(schema -> !FROM_CLIENTS.contains(schema.getKey()))
                .forEach(schema -> close(schema.getValue()));
        this.registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(IRI, closed.toString())));
    }

    /** That of the endpoint at {@code path}. */
    static Described at(String path, TestServer server) throws Exception {
        HttpResponse<String> response = server.send("GET", path, "Accept", MEDIA_TYPE);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new Described(Envelopes.of(response));
    }

    /** A member that the description does not tell of is a fault here, though clients have to live with new ones. */
    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && object.has("properties")) {
            object.put("additionalProperties", false);
        }
        schema.forEach(Described::close);
    }

    JsonNode document() {
        return document;
    }

    /** What is wrong with {@code json} as that schema has it. */
    List<Error> faults(String schema, String json) {
        return faultsAt(SCHEMAS + schema, json);
    }

    private List<Error> faultsAt(String pointer, String json) {
        return registry.getSchema(SchemaLocation.of(IRI + pointer))
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    void accepts(String schema, String json) {
        assertThat(faults(schema, json)).as("%s of %s", schema, json).isEmpty();
    }

    /** Fails unless the answer is one that the operation is described to give, with such header fields and such a body. */
    void accepts(String path, String method, HttpResponse<String> response) {
        String as =
                method + " " + path + ": " + response.statusCode() + " " + response.headers() + " " + response.body();
        String place = resolved("#/paths/" + escaped(path) + "/" + method.toLowerCase(Locale.ROOT) + "/responses/"
                + response.statusCode());
        JsonNode described = document.at(place.substring(1));
        assertThat(described.isObject()).as(as).isTrue();
        described
                .path("headers")
                .properties()
                .forEach(field -> response.headers()
                        .firstValue(field.getKey())
                        .ifPresent(value -> assertThat(
                                        fieldFaults(place + "/headers/" + escaped(field.getKey()), value))
                                .as(as)
                                .isEmpty()));
        if (!described.has("content")) {
            assertThat(response.body()).as(as).isEmpty();
            return;
        }
        String type = mediaType(described.path("content"), response);
        String content = place + "/content/" + escaped(type);
        switch (type) {
            case "application/x-ndjson" ->
                response.body()
                        .lines()
                        .filter(line -> !line.isEmpty())
                        .forEach(line -> assertThat(faultsAt(content + "/x-itemSchema", line))
                                .as(line)
                                .isEmpty());
            case "text/event-stream" ->
                response.body()
                        .lines()
                        .filter(line -> line.startsWith("data: "))
                        .forEach(line -> accepts("JobStatus", line.substring("data: ".length())));
            case "multipart/mixed", "text/javascript" ->
                assertThat(faultsAt(
                                content + "/schema",
                                TextNode.valueOf(response.body()).toString()))
                        .isEmpty();
            default ->
                assertThat(faultsAt(content + "/schema", response.body()))
                        .as(as)
                        .isEmpty();
        }
    }

    private List<Error> fieldFaults(String place, String value) {
        String at = resolved(place);
        boolean number =
                document.at(at.substring(1)).at("/schema/type").asText().equals("integer");
        return faultsAt(at + "/schema", number ? value : TextNode.valueOf(value).toString());
    }

    private static String mediaType(JsonNode content, HttpResponse<String> response) {
        String sent = response.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
        return content.properties().stream()
                .map(Map.Entry::getKey)
                .filter(type -> type.split(";", 2)[0].equals(sent))
                .findFirst()
                .orElseThrow(() -> new AssertionError("'" + sent + "' is not described: " + content));
    }

    /** Where a reference leads, or the place itself. */
    private String resolved(String place) {
        JsonNode reference = document.at(place.substring(1)).path("$ref");
        return reference.isTextual() ? reference.asText() : place;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
