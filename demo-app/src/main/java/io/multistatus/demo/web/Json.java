package io.multistatus.demo.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;

/** Reads and writes JSON bodies. */
final class Json {
    static final String MEDIA_TYPE = "application/json";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MAX_BODY_BYTES = 64 * 1024;

    private Json() {}

    static void write(HttpServletResponse response, int status, Object value) throws IOException {
        write(response, status, MEDIA_TYPE, MAPPER.writeValueAsBytes(value));
    }

    static void write(HttpServletResponse response, Problem problem) throws IOException {
        write(response, problem.status(), Problem.MEDIA_TYPE, MAPPER.writeValueAsBytes(problem));
    }

    private static void write(HttpServletResponse response, int status, String mediaType, byte[] body)
            throws IOException {
        response.setStatus(status);
        response.setContentType(mediaType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Whether the request has a body at all, judged by its headers. */
    static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    /**
     * The fields of a body that is one JSON object.
     *
     * @throws ProblemException 415, 413 or 400 if it is something else
     */
    static Fields read(HttpServletRequest request) throws ProblemException, IOException {
        String type = request.getContentType();
        if (type == null || !type.toLowerCase(Locale.ROOT).matches("application/([^;]+\\+)?json *(;.*)?")) {
            throw new ProblemException(Problem.of(
                    415, "Unsupported media type", "The Content-Type must be application/json, not '" + type + "'"));
        }
        byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            throw new ProblemException(
                    Problem.of(413, "Content too large", "The body is longer than " + MAX_BODY_BYTES + " bytes"));
        }
        return new Fields(parse(body));
    }

    private static ObjectNode parse(byte[] body) throws ProblemException, IOException {
        try {
            JsonNode node = MAPPER.readTree(body);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw ProblemException.badRequest("The body is not JSON: " + e.getOriginalMessage());
        }
        throw ProblemException.badRequest("The body must be a JSON object");
    }
}
