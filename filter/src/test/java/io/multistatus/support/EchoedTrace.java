package io.multistatus.support;

import io.multistatus.BatchFilter;
import java.io.PrintStream;

/** Posts a batch to a filter of its own, in a process of its own, and prints which {@code traceparent} its item has. */
public final class EchoedTrace {
    private EchoedTrace() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        try (TestServer server = TestServer.create()
                .filter(new BatchFilter(), true)
                .servlet("/echo", (request, response) -> {
                    response.setContentType("text/plain");
                    response.getWriter().write(request.getHeader("traceparent"));
                })
                .start()) {
            out.println(Envelopes.of(server.post(Envelopes.gets("/echo"), "traceparent", arguments[0]))
                    .path("responses")
                    .path(0)
                    .path("body")
                    .asText());
        }
    }
}
