package io.multistatus.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How a batch went, for clients that only want to know what to send again.
 *
 * @param total how many items the batch had
 * @param failed how many of them were answered with 400 or above
 * @param retryable the ids of those whose failure may pass if they are sent again as they are
 * @param retryAfter the longest time that a failed item asked to be left alone for, in seconds, if one asked
 */
public record Summary(int total, int failed, List<ItemId> retryable, OptionalLong retryAfter) {
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 502, 503, 504);
    /** Not implemented, HTTP version not supported: no wait will change that. */
    private static final Set<Integer> LASTING = Set.of(501, 505);

    /** Copies the list, so that the summary is immutable. */
    public Summary {
        retryable = List.copyOf(retryable);
    }

    /**
     * Sums up.
     *
     * @param batch the items
     * @param responses their answers, in the same order
     */
    public static Summary of(Batch batch, List<Subresponse> responses) {
        int failed = 0;
        List<ItemId> retryable = new ArrayList<>();
        OptionalLong retryAfter = OptionalLong.empty();
        for (int i = 0; i < batch.size(); i++) {
            Subresponse response = responses.get(i);
            if (!response.failed()) {
                continue;
            }
            failed++;
            ItemId id = batch.items().get(i).id();
            if (id != null && mayPass(batch.items().get(i), response)) {
                retryable.add(id);
            }
            OptionalLong asked = retryAfterSeconds(response.headers());
            if (asked.isPresent() && asked.getAsLong() > retryAfter.orElse(-1)) {
                retryAfter = asked;
            }
        }
        return new Summary(batch.size(), failed, retryable, retryAfter);
    }

    /** How many items were answered below 400. */
    public int succeeded() {
        return total - failed;
    }

    private static boolean mayPass(Subrequest request, Subresponse response) {
        boolean keyed = request.headers().contains("Idempotency-Key");
        if (response.status() == 409) {
            // Only a key that is still running asks to come back (409 with Retry-After); any other conflict stays.
            return keyed && response.headers().contains("Retry-After");
        }
        boolean mayBeRepeated = keyed || request.isSafe();
        return PASSING.contains(response.status())
                || (response.status() >= 500 && mayBeRepeated && !LASTING.contains(response.status()));
    }

    /** Retry-After in its delay form (RFC 9110, section 10.2.3); the date form says nothing without a clock to trust. */
    private static OptionalLong retryAfterSeconds(Headers headers) {
        Optional<String> value = headers.first("Retry-After").map(String::trim);
        if (value.isPresent() && value.get().matches("[0-9]{1,9}")) {
            return OptionalLong.of(Long.parseLong(value.get()));
        }
        return OptionalLong.empty();
    }
}
