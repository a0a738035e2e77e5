package io.multistatus.micrometer;

import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
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
