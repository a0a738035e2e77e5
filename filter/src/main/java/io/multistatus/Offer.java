package io.multistatus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the endpoint has to offer at the moment, beside what its configuration says.
 *
 * @param atomicity whether groups are all or nothing
 * @param jobs whether batches can become jobs
 * @param keyPaths the URL patterns where idempotency keys are served, with the context path, as far as they are known; empty if keys are
 *     served nowhere
 */
record Offer(boolean atomicity, boolean jobs, Optional<List<String>> keyPaths) {

    /** Names for it, as the capabilities have them. */
    List<String> features() {
        List<String> features = new ArrayList<>();
        if (atomicity) {
            features.add("atomicityGroup");
        }
        if (keyPaths.isPresent()) {
            features.add("idempotency");
        }
        if (jobs) {
            features.add(JobEndpoint.RESPOND_ASYNC);
        }
        return features;
    }
}
