package io.multistatus.job;

import io.multistatus.model.Batch;
import io.multistatus.model.Subresponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job that is over: each item and its answer, which says so where there is none. Immutable.
 *
 * @param responses the answers, in the order of the items
 * @param targets where the items were sent to, as far as that is known; empty texts for the others
 */
public record JobResult(Batch batch, List<Subresponse> responses, List<String> targets) {

    /** Copies the lists. */
    public JobResult {
        responses = List.copyOf(responses);
        targets = List.copyOf(targets);
    }

    static JobResult of(JobContent content, JobState state) {
        Batch batch = content.batch();
        Map<Integer, JobAnswer> answers = content.answers();
        List<Subresponse> responses = new ArrayList<>(batch.size());
        List<String> targets = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            @Nullable JobAnswer answer = answers.get(i);
            responses.add(
                    answer == null ? JobProblems.missing(state, batch.items().get(i)) : answer.response());
            targets.add(answer == null ? "" : answer.target());
        }
        return new JobResult(batch, responses, targets);
    }

    /** How many bytes the answers take, about. */
    public long bytes() {
        return responses.stream()
                .mapToLong(response ->
                        response.body().remaining() + response.headers().estimatedBytes())
                .sum();
    }
}
