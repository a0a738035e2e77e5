package io.multistatus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.multistatus.format.ContentType;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The endpoint as it is configured, in OpenAPI 3.1: {@code openapi.json} with what depends on the configuration put in. */
final class OpenApiDocument {
    /** Type and subtype. The type is no registered one; it is what everybody writes. */
    static final String ESSENCE = "application/vnd.oai.openapi+json";

    static final String MEDIA_TYPE = ESSENCE + ";version=3.1";

    private static final String VERSION = "3.1";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private OpenApiDocument() {}

    /** Whether a media range that names {@link #ESSENCE} asks for no other version of OpenAPI. */
    static boolean isWhatIsAskedFor(ContentType range) {
        return range.parameter("version")
                .map(version -> version.equals(VERSION) || version.startsWith(VERSION + '.'))
                .orElse(true);
    }

    /** The document, in UTF-8. */
    static byte[] json(BatchConfig config, Offer offer, String contextPath) throws IOException {
        JsonNode filled =
                OpenApiTemplate.packaged().fill(conditions(config, offer), values(config, offer, contextPath));
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(filled);
    }

    private static Map<String, Boolean> conditions(BatchConfig config, Offer offer) {
        boolean odata = config.odataPath().isPresent();
        boolean status207 = config.multiStatus() != MultiStatus.NEVER;
        boolean odata207 = odata && config.odataStatus() == EnvelopeStatus.MULTI_STATUS;
        boolean none = config.atomicity() == AtomicityChoice.NONE;
        return Map.ofEntries(
                Map.entry("jobs", offer.jobs()),
                Map.entry("odata", odata),
                Map.entry("module", config.module()),
                Map.entry("idempotency", offer.keyPaths().isPresent()),
                Map.entry("atomicity", offer.atomicity()),
                Map.entry("atomicityNone", none),
                Map.entry("noAtomicity", !offer.atomicity() && !none),
                Map.entry("status207", status207),
                Map.entry("status200", config.multiStatus() != MultiStatus.ALWAYS),
                Map.entry("negotiatedStatus", config.multiStatus() == MultiStatus.AUTO),
                Map.entry("odata207", odata207),
                Map.entry("odata200", odata && !odata207),
                Map.entry("any207", status207 || odata207));
    }

    private static Map<String, JsonNode> values(BatchConfig config, Offer offer, String contextPath) {
        return Map.ofEntries(
                Map.entry("server", TextNode.valueOf(contextPath.isEmpty() ? "/" : contextPath)),
                Map.entry("path", TextNode.valueOf(config.path())),
                Map.entry("odataPath", TextNode.valueOf(config.odataPath().orElse(""))),
                Map.entry("odataStatus", IntNode.valueOf(config.odataStatus())),
                Map.entry("statuses", statuses(config.multiStatus())),
                Map.entry(
                        "execution", TextNode.valueOf(config.execution().name().toLowerCase(Locale.ROOT))),
                Map.entry("keyPaths", TextNode.valueOf(code(offer.keyPaths().orElse(List.of())))),
                Map.entry("maxRequests", IntNode.valueOf(config.maxRequests())),
                Map.entry("maxBatchBytes", LongNode.valueOf(config.maxBatchBytes())),
                Map.entry("maxResponseBytes", LongNode.valueOf(config.maxResponseBytes())),
                Map.entry("maxEnvelopeBytes", LongNode.valueOf(config.maxEnvelopeBytes())),
                Map.entry("maxConcurrency", IntNode.valueOf(config.maxConcurrency())),
                Map.entry(
                        "itemTimeoutMillis",
                        LongNode.valueOf(config.itemTimeout().toMillis())),
                Map.entry(
                        "batchTimeoutMillis",
                        LongNode.valueOf(config.batchTimeout().toMillis())),
                Map.entry(
                        "jobTimeoutMillis",
                        LongNode.valueOf(config.jobs().timeout().toMillis())));
    }

    private static ArrayNode statuses(MultiStatus multiStatus) {
        ArrayNode statuses = JsonNodeFactory.instance.arrayNode();
        if (multiStatus != MultiStatus.NEVER) {
            statuses.add(EnvelopeStatus.MULTI_STATUS);
        }
        if (multiStatus != MultiStatus.ALWAYS) {
            statuses.add(EnvelopeStatus.FALLBACK);
        }
        return statuses;
    }

    private static String code(List<String> patterns) {
        return patterns.isEmpty()
                ? "paths that the container does not tell"
                : '`' + String.join("`, `", patterns) + '`';
    }
}
