package io.multistatus.demo.web;

import jakarta.servlet.ServletException;
import java.util.List;

/** A request that is answered with a {@link Problem}. */
final class ProblemException extends ServletException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }

    static ProblemException notFound(String what) {
        return new ProblemException(Problem.of(404, "Not found", "There is no " + what));
    }

    static ProblemException badRequest(String detail) {
        return new ProblemException(Problem.of(400, "Bad request", detail));
    }

    /** 400: a parameter of the query is wrong. */
    static ProblemException badParameter(String name, String message) {
        return new ProblemException(new Problem(
                "Bad request",
                400,
                "The parameter '" + name + "' " + message,
                List.of(new Problem.FieldError(name, message))));
    }

    /** 422: the body is JSON but what it says cannot be. */
    static ProblemException invalid(List<Problem.FieldError> errors) {
        Problem.FieldError first = errors.get(0);
        return new ProblemException(new Problem(
                "Invalid content", 422, "The field '" + first.field() + "' " + first.message(), List.copyOf(errors)));
    }

    static ProblemException invalid(String field, String message) {
        return invalid(List.of(new Problem.FieldError(field, message)));
    }
}
