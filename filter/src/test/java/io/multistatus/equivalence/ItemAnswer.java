package io.multistatus.equivalence;

import java.util.Map;

/**
 * One entry of an envelope, as a client sees it.
 *
 * @param id its id
 * @param status its status
 * @param headers names as spelled in the envelope, to their values
 * @param body its body, never null
 */
public record ItemAnswer(String id, int status, Map<String, String> headers, ItemBody body) {
    private static final String ABORTED = "urn:multistatus:aborted-response";

    /** The value of a header in whatever case, or empty. */
    public String header(String name) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    /** Whether it says that the host cut its answer off. */
    public boolean aborted() {
        return status == 502
                && header("Content-Type").equals("application/problem+json")
                && body.asText().contains(ABORTED);
    }
}
