package io.multistatus.wire;

import io.multistatus.model.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers with problem details (RFC 9457). */
public final class ProblemResponse {
    /** What a client is told to wait before it comes back to an overloaded host, in seconds. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private ProblemResponse() {}

    /** Makes {@code problem} the whole of the response; a 503 says when to come back. */
    public static void write(Problem problem, HttpServletResponse response) throws IOException {
        byte[] body = problem.toJson();
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        response.setContentLength(body.length);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (problem.status() == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
            response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        response.getOutputStream().write(body);
    }
}
