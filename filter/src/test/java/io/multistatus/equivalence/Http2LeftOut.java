package io.multistatus.equivalence;

import java.util.Map;
import java.util.Optional;

/**
 * Requests whose answer over HTTP/2 is another than over HTTP/1.1, because the container frames answers there by other
 * rules or fails in another way. Items are answered as over HTTP/1.1, so these have nothing to be compared with.
 */
final class Http2LeftOut {
    private static final int LONG = 16_000;

    private static final String BODY_OF_204 = "over HTTP/2 the container sends a body where the status allows none, and"
            + " leaves it to the client to drop it; an item has none";
    private static final String LENGTH =
            "over HTTP/2 the container does not hold a handler to the length that it has declared";
    private static final String FAILED_LATE =
            "over HTTP/2 Tomcat ends an answer that its handler has spoilt after it had"
                    + " begun as if it were whole; an item says that it was cut off";
    private static final String ASYNC_FAILURE = "over HTTP/2 Tomcat answers an asynchronous request that fails now one"
            + " way, now another, and may answer a later request of the connection with its 500";

    private static final Map<String, String> ON_JETTY = Map.of(
            "/app/status/204", BODY_OF_204,
            "/app/status/304", BODY_OF_204,
            "/app/stream/body-with-204", BODY_OF_204,
            "/app/headers/too-big",
                    "over HTTP/2 too long a header of an answer ends the stream; an item is answered with the 500 of"
                            + " HTTP/1.1");

    private static final Map<String, String> ON_UNDERTOW = Map.of(
            "/app/status/204", BODY_OF_204,
            "/app/status/304", BODY_OF_204,
            "/app/stream/body-with-204", BODY_OF_204,
            "/app/stream/length-too-long", LENGTH,
            "/app/stream/length-too-long-flushed", LENGTH);

    private static final Map<String, String> ON_TOMCAT = Map.ofEntries(
            Map.entry("/app/stream/length-too-long", LENGTH),
            Map.entry("/app/stream/length-too-long-flushed", LENGTH),
            Map.entry("/app/stream/length-too-short", LENGTH),
            Map.entry("/app/session/too-late", FAILED_LATE),
            Map.entry("/app/redirect/after-flush", FAILED_LATE),
            Map.entry("/app/error/send-after-flush", FAILED_LATE),
            Map.entry("/app/dispatch/forward-late", FAILED_LATE),
            Map.entry("/app/reset-late", FAILED_LATE),
            Map.entry("/app/error/throw-after-flush", FAILED_LATE),
            Map.entry("/app/async/throw", ASYNC_FAILURE),
            Map.entry("/app/nio/throws", ASYNC_FAILURE),
            Map.entry(
                    "/app/headers/too-big",
                    "over HTTP/2 Tomcat has no limit for the header of an answer; an item has that of HTTP/1.1"));

    private Http2LeftOut() {}

    /** In every container. */
    static Optional<String> everywhere(RequestCase request) {
        boolean tooLong = request.target().length() > LONG
                || request.fields().stream().anyMatch(field -> field.value().length() > LONG);
        if (tooLong) {
            return Optional.of(
                    "over HTTP/2 too long a header ends the stream or the connection without an answer; an item"
                            + " is answered as over HTTP/1.1");
        }
        if (request.target().equals("/app/headers/hostile") || request.target().contains("%0D%0A")) {
            return Optional.of(
                    "over HTTP/2 fields of an answer with characters that cannot stand there go out as they are"
                            + " or break the connection; an item has them as over HTTP/1.1");
        }
        return Optional.empty();
    }

    static Optional<String> onJetty(RequestCase request) {
        return everywhere(request).or(() -> Optional.ofNullable(ON_JETTY.get(request.target())));
    }

    static Optional<String> onUndertow(RequestCase request) {
        if (request.target().equals("/app/nio/write") && request.body() != null && request.body().length > LONG) {
            return Optional.of(
                    "over HTTP/2 an answer that does not wait for the rest of a long body may end the connection,"
                            + " and with it the next request");
        }
        return everywhere(request).or(() -> Optional.ofNullable(ON_UNDERTOW.get(request.target())));
    }

    static Optional<String> onTomcat(RequestCase request, String version) {
        if (request.method().equals("HEAD") && version.startsWith("9.")) {
            return Optional.of("over HTTP/2 Tomcat 9 sends a body to HEAD; an item has none");
        }
        if (request.method().equals("HEAD") && request.target().startsWith("/app/async/")) {
            return Optional.of("over HTTP/2 Tomcat cuts the answer to a HEAD off where the handler is asynchronous");
        }
        if (request.target().equals("/app/body/both-ways") && request.body() != null && request.body().length > LONG) {
            return Optional.of(
                    "over HTTP/2 an answer that does not wait for the rest of a long body comes to the client, or"
                            + " the end of the stream comes before it");
        }
        String path = request.target().split("\\?", 2)[0];
        return everywhere(request).or(() -> Optional.ofNullable(ON_TOMCAT.get(path)));
    }
}
