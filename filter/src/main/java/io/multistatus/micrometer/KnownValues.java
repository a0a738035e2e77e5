package io.multistatus.micrometer;

import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import java.util.List;
import java.util.Set;

/** Values of tags: each of a set that nothing a client sends makes larger. */
final class KnownValues {
    static final String NONE = "none";
    static final String OTHER = "other";

    /** The names of the endpoint's problems; those of an app's listeners are any. */
    static final Set<String> PROBLEMS = Set.of(
            "aborted",
            "aborted-response",
            "asynchronous-in-group",
            "atomicity-not-supported",
            "batch-too-large",
            "cancelled",
            "client-gone",
            "commit-failed",
            "commit-in-doubt",
            "failed-dependency",
            "forbidden-header",
            "forbidden-target",
            "foreign-origin",
            "internal-error",
            "interrupted",
            "job-queue-full",
            "job-store-full",
            "job-store-unavailable",
            "loopback-url-needed",
            "malformed-batch",
            "malformed-idempotency-key",
            "malformed-request",
            "nested-batch",
            "no-room",
            "not-implemented",
            "overloaded",
            "request-thread-lost",
            "response-too-large",
            "rolled-back",
            "stopping",
            "subrequest-too-large",
            "timeout",
            "too-many-dependencies",
            "too-many-headers",
            "too-many-requests",
            "transaction-unavailable",
            "unresolved-reference",
            "unsupported-container",
            "unsupported-media-type");

    /** The keys of limits that problems name. */
    static final Set<String> SETTINGS = Set.of(
            "batchTimeout",
            "itemTimeout",
            "jobTimeout",
            "maxAbandoned",
            "maxBatchBytes",
            "maxBufferedBytes",
            "maxEnvelopeBytes",
            "maxJobBytes",
            "maxJobs",
            "maxQueuedJobs",
            "maxRequests",
            "maxResponseBytes");

    /** A limit that makes for a problem. */
    record Limit(String problem, String setting) {}

    /** Those that batches are refused for. */
    static final List<Limit> OF_BATCHES = List.of(
            new Limit("batch-too-large", "maxBatchBytes"),
            new Limit("too-many-requests", "maxRequests"),
            new Limit("too-many-dependencies", "maxRequests"),
            new Limit("overloaded", "maxBufferedBytes"),
            new Limit("overloaded", "maxAbandoned"),
            new Limit("job-queue-full", "maxQueuedJobs"),
            new Limit("job-store-full", "maxJobs"),
            new Limit("job-store-full", "maxJobBytes"));

    /** Those that items fail for: with a status of 500 or above. */
    static final List<Limit> OF_ITEMS = List.of(
            new Limit("timeout", "itemTimeout"),
            new Limit("timeout", "batchTimeout"),
            new Limit("timeout", "jobTimeout"),
            new Limit("response-too-large", "maxResponseBytes"),
            new Limit("response-too-large", "maxEnvelopeBytes"),
            new Limit("response-too-large", "maxBufferedBytes"));

    /** Why jobs end before their turn. */
    static final List<String> DROPPED = List.of("cancelled", "interrupted");

    private KnownValues() {}

    static String problem(Problem problem) {
        return known(PROBLEMS, problem.name());
    }

    /** The limit that a problem says has been reached. */
    static String setting(Problem problem) {
        Object setting = problem.members().get(Problem.SETTING);
        return setting == null ? NONE : known(SETTINGS, setting.toString());
    }

    /** The class of a status, {@code 2xx} for one. */
    static String statusClass(Subresponse response) {
        int first = response.status() / 100;
        return first >= 1 && first <= 5 ? first + "xx" : OTHER;
    }

    /** What is behind {@code application/} or {@code multipart/}. */
    static String format(String mediaType) {
        return switch (mediaType) {
            case "application/json" -> "json";
            case "multipart/mixed" -> "multipart";
            default -> OTHER;
        };
    }

    private static String known(Set<String> all, String value) {
        return all.contains(value) ? value : OTHER;
    }
}
