package io.multistatus.model;

/** The batch as a whole cannot be served; nothing of it has run. Its problem is the whole answer. */
public final class BatchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** A refusal whose answer is {@code problem}. */
    public BatchException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    /** A refusal whose answer is {@code problem}, found through {@code cause}. */
    public BatchException(Problem problem, Throwable cause) {
        super(problem.detail(), cause);
        this.problem = problem;
    }

    /** What the client is told. */
    public Problem problem() {
        return problem;
    }
}
