package io.multistatus.wire;

import io.multistatus.model.Problem;

/** One item cannot be sent; its problem is its whole answer, and the other items are unharmed. */
public final class RefusedRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** A refusal whose answer is {@code problem}. */
    public RefusedRequestException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    /** What the client is told. */
    public Problem problem() {
        return problem;
    }
}
