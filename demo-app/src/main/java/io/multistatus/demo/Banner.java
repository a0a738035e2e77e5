package io.multistatus.demo;

import java.util.stream.Collectors;

/** What the demo says once it serves: in what, where, and a batch to paste into a shell. */
final class Banner {
    /** A success, a created resource, one that is missing and one that wants a login; free of single quotes. */
    static final String BATCH = """
            {"requests": [
              {"id": "product", "method": "GET",  "url": "/api/products/1"},
              {"id": "cart",    "method": "POST", "url": "/api/carts", "body": {"customer": "Ada"}},
              {"id": "missing", "method": "GET",  "url": "/api/products/9999"},
              {"id": "orders",  "method": "GET",  "url": "/api/orders"}]}""";

    private Banner() {}

    static String text(DemoServer server) {
        return """
                Multistatus demo shop on %3$s: %1$s/  (Ctrl+C stops it; logins demo:demo, ada:ada, admin:admin)
                %4$s
                Four answers for one request:

                curl -s%5$s %1$s/batch -H 'Content-Type: application/json' -d '%2$s'

                """.formatted(server.baseUrl(), BATCH, server.container(), delays(server), server.isSecure() ? "k" : "");
    }

    private static String delays(DemoServer server) {
        return server.delays().stream()
                .map(delay -> "The same, a round trip of %d ms away: %s/%n"
                        .formatted(delay.rttMillis(), server.url(delay.port())))
                .collect(Collectors.joining());
    }
}
