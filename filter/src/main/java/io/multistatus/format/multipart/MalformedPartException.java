package io.multistatus.format.multipart;

import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import org.jspecify.annotations.Nullable;

/** One part cannot be an item; the others can. */
final class MalformedPartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient @Nullable ItemId id;

    MalformedPartException(String detail) {
        this(Problem.malformedRequest(detail));
    }

    MalformedPartException(Problem problem) {
        this(problem, null);
    }

    /** With the Content-ID that was found on the way, if one was. */
    MalformedPartException(Problem problem, @Nullable ItemId id) {
        super(problem.detail());
        this.problem = problem;
        this.id = id;
    }

    Problem problem() {
        return problem;
    }

    @Nullable
    ItemId id() {
        return id;
    }
}
