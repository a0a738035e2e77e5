package io.multistatus.demo.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What went wrong, for clients (RFC 9457).
 *
 * @param title what kind of problem it is
 * @param status the HTTP status
 * @param detail what went wrong here
 * @param errors the fields that are wrong; left out if there are none
 */
record Problem(
        String title,
        int status,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FieldError> errors) {
    static final String MEDIA_TYPE = "application/problem+json";

    /**
     * A field or parameter that the client must change.
     *
     * @param field its name
     * @param message what it must be, and what it was
     */
    record FieldError(String field, String message) {}

    static Problem of(int status, String title, String detail) {
        return new Problem(title, status, detail, List.of());
    }
}
