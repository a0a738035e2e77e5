package io.multistatus;

import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import io.multistatus.wire.OuterRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps pages of other origins from posting batches with the cookies of whoever looks at them. Immutable.
 */
final class OriginPolicy {
    private final Set<String> allowedOrigins;

    OriginPolicy(Set<String> allowedOrigins) {
        this.allowedOrigins = allowedOrigins;
    }

    /**
     * Looks at {@code Origin} (RFC 6454) and, where a browser sent none, at {@code Sec-Fetch-Site} (W3C Fetch Metadata).
     *
     * @throws BatchException 403 if the batch comes from another origin that is not allowed
     */
    void check(OuterRequest request) throws BatchException {
        List<String> origins = request.headers().all("Origin");
        for (String origin : origins) {
            String normalised = origin.trim().toLowerCase(Locale.ROOT);
            if (!normalised.equals(request.origin()) && !allowedOrigins.contains(normalised)) {
                throw refusal("The Origin '" + origin + "' is neither the host's own, " + request.origin()
                        + ", nor an allowed one (allowedOrigins)");
            }
        }
        Optional<String> site = request.headers().first("Sec-Fetch-Site");
        if (origins.isEmpty() && site.isPresent() && site.get().matches("(?i)\\s*(cross|same)-site\\s*")) {
            throw refusal(
                    "The request says Sec-Fetch-Site: " + site.get() + ", and has no Origin that could be allowed");
        }
    }

    private static BatchException refusal(String detail) {
        return new BatchException(Problem.of(403, "foreign-origin", "Batches from other origins are not allowed")
                .detail(detail));
    }
}
