package io.multistatus.idempotency;

import io.multistatus.idempotency.IdempotencyStore.Answered;
import io.multistatus.model.Headers;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

/** Requests and answers as columns. */
final class StoredRows {
    /** No field has a line break in it. */
    private static final String SEPARATOR = "\n";

    private StoredRows() {}

    /** Sets nine parameters: head, kind, length and body of the request; kind, status, text, headers and body of the answer. */
    static void write(Answered answered, PreparedStatement statement, int first) throws SQLException {
        Fingerprint request = answered.fingerprint();
        StoredAnswer answer = answered.answer();
        statement.setString(first, request.head());
        statement.setString(first + 1, request.kind().name());
        statement.setLong(first + 2, request.length());
        statement.setString(first + 3, request.body());
        statement.setString(first + 4, answer.kind().name());
        statement.setInt(first + 5, answer.status());
        statement.setString(first + 6, answer.text());
        statement.setString(first + 7, text(answer.headers()));
        statement.setBytes(first + 8, answer.body());
    }

    static Answered read(ResultSet row) throws SQLException {
        Fingerprint request = new Fingerprint(
                row.getString("request_head"),
                Fingerprint.Kind.valueOf(row.getString("request_kind")),
                row.getLong("request_length"),
                row.getString("request_body"));
        StoredAnswer answer = new StoredAnswer(
                StoredAnswer.Kind.valueOf(row.getString("answer_kind")),
                row.getInt("status"),
                row.getString("answer_text"),
                headers(row.getString("headers")),
                Objects.requireNonNullElse(row.getBytes("body"), new byte[0]));
        return new Answered(request, answer);
    }

    private static String text(Headers headers) {
        StringBuilder text = new StringBuilder();
        headers.forEach((name, value) -> text.append(name)
                .append(':')
                .append(value.replace("\n", " ").replace("\r", " "))
                .append(SEPARATOR));
        return text.toString();
    }

    private static Headers headers(String text) {
        Headers.Builder headers = Headers.builder();
        for (String line : text.lines().toList()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.add(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return headers.build();
    }
}
