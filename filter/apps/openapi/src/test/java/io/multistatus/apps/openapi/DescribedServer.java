package io.multistatus.apps.openapi;

import io.multistatus.IdempotencyFilter;
import io.multistatus.support.TestServer;
import io.multistatus.transaction.BatchTransaction;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A server that is asked for all that an envelope can have in it. */
final class DescribedServer {
    static final int MAX_REQUESTS = 30;
    static final String ODATA = "/app/$batch";

    private DescribedServer() {}

    static TestServer start() throws Exception {
        return TestServer.create()
                .batch(config -> config.odataPath(ODATA)
                        .maxRequests(MAX_REQUESTS)
                        .maxBatchBytes(100_000)
                        .jobs(jobs -> jobs.retries(0))
                        .transaction(new NoTransaction()))
                .filter(new IdempotencyFilter(), true)
                .servlet("/app/*", DescribedServer::answer)
                .start();
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getPathInfo()) {
            case "/json" -> write(response, "application/json", "{\"id\": 7, \"list\": [1, null]}");
            case "/text" -> write(response, "text/plain;charset=iso-8859-1", "caf\u00e9");
            case "/xml" -> write(response, "application/xml", "<a/>");
            case "/binary" -> write(response, "application/octet-stream", "\u0000\u00ff\u0001");
            case "/broken" -> write(response, "application/json", "{\"id\":");
            case "/nothing" -> response.setStatus(204);
            case "/created" -> {
                response.setStatus(201);
                response.setHeader("Location", "/app/json");
                write(response, "application/json", "{\"id\": 8}");
            }
            case "/conflict" -> {
                response.setStatus(409);
                write(response, "application/problem+json", "{\"title\": \"no\"}");
            }
            case "/busy" -> {
                response.setStatus(503);
                response.setHeader("Retry-After", "3");
            }
            case "/cookie" -> response.addCookie(new Cookie("a", "b"));
            case "/fields" -> {
                response.addHeader("X-Two", "1");
                response.addHeader("X-Two", "2");
            }
            case "/elsewhere" -> response.sendRedirect("/app/json");
            case "/boom" -> throw new IllegalStateException("boom");
            case "/echo" -> {
                response.setContentType(request.getContentType());
                request.getInputStream().transferTo(response.getOutputStream());
            }
            default -> response.sendError(404);
        }
    }

    private static void write(HttpServletResponse response, String type, String latin1) throws IOException {
        response.setContentType(type);
        response.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Nothing here is undone; what matters is what is said of it. */
    private static final class NoTransaction implements BatchTransaction {
        @Override
        public Running begin(Duration limit) {
            return new Running() {
                @Override
                public void commit() {}

                @Override
                public void rollback() {}
            };
        }
    }
}
