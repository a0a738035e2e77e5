package io.multistatus.format.multipart;

import io.multistatus.model.Problem;

/** One part cannot be an item; the others can. */
final class MalformedPartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    MalformedPartException(String detail) {
        this(Problem.malformedRequest(detail));
    }

    MalformedPartException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
