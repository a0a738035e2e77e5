package io.multistatus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.multistatus.job.JobStatus;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** What a client is told of a job, as JSON. */
final class JobStatusDocument {
    private static final JsonFactory JSON = new JsonFactory();
    /** When to ask again, in seconds. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private JobStatusDocument() {}

    /** The document, on one line. */
    static byte[] json(JobStatus status) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("id", status.id().text());
            json.writeStringField("state", status.state().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("total", status.total());
            json.writeNumberField("completed", status.completed());
            json.writeNumberField("succeeded", status.succeeded());
            json.writeNumberField("failed", status.failed());
            json.writeStringField("createdAt", status.createdAt().toString());
            json.writeStringField("expiresAt", status.expiresAt().toString());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** Makes it the whole of the response: 202 while the job is not over, else 200. */
    static void write(JobStatus status, HttpServletResponse response) throws IOException {
        write(status, !status.state().isOver(), response);
    }

    /** The same as the answer to the batch itself: 202, be the job over or not, since 200 would be its result. */
    static void writeAccepted(JobStatus status, HttpServletResponse response) throws IOException {
        write(status, true, response);
    }

    private static void write(JobStatus status, boolean accepted, HttpServletResponse response) throws IOException {
        byte[] body = json(status);
        response.setStatus(accepted ? HttpServletResponse.SC_ACCEPTED : HttpServletResponse.SC_OK);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (accepted) {
            response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        response.getOutputStream().write(body);
    }
}
