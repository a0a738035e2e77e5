package io.multistatus.job;

import io.multistatus.model.Batch;
import java.util.Map;

/**
 * A job's items and their answers as far as there are any. Immutable.
 *
 * @param answers by the indices of the items; none for an item that has not been answered
 */
public record JobContent(Batch batch, Map<Integer, JobAnswer> answers) {

    /** Copies the answers. */
    public JobContent {
        answers = Map.copyOf(answers);
    }
}
