package io.multistatus.format;

import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import java.io.IOException;

/** Reading on would pass a limit. An {@link IOException} so that it gets through parsers. */
public final class LimitExceededException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** A limit whose passing is answered with {@code problem}. */
    public LimitExceededException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    /** The same as the refusal of the batch. */
    public BatchException asBatchException() {
        return new BatchException(problem, this);
    }
}
