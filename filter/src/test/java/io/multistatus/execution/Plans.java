package io.multistatus.execution;

import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Batches and answers, shortly written. */
final class Plans {
    private Plans() {}

    /** A batch of items written as {@code METHOD id dependency dependency @group}. */
    static Batch batch(String... items) {
        List<Subrequest> batch = new ArrayList<>();
        for (String text : items) {
            List<String> words = List.of(text.split(" "));
            List<String> dependsOn = words.subList(2, words.size()).stream()
                    .filter(word -> !word.startsWith("@"))
                    .toList();
            @Nullable
            String group = words.stream()
                    .filter(word -> word.startsWith("@"))
                    .findFirst()
                    .orElse(null);
            batch.add(new Subrequest(
                    batch.size(),
                    ItemId.of(words.get(1)),
                    words.get(0),
                    "/" + words.get(1),
                    Headers.empty(),
                    null,
                    dependsOn,
                    group == null ? null : group.substring(1),
                    null));
        }
        return new Batch(batch);
    }

    static Subresponse answer(int status) {
        return Subresponse.of(status, Headers.empty(), ByteBuffer.allocate(0));
    }

    /** Why the batch, and not the host, answered. */
    static Problem problem(Subresponse response) {
        return Objects.requireNonNull(response.problem());
    }

    static Subresponse timeout() {
        return Subresponse.of(Problem.of(504, "timeout", "The item took too long"));
    }
}
