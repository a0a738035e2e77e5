package io.multistatus.equivalence;

import io.multistatus.equivalence.RequestCase.SessionNeed;
import io.multistatus.equivalence.app.HostApp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A running host, and the ways to send a request to it. */
final class Laboratory implements AutoCloseable {
    private final HostContainer.Host host;
    private final HostOptions options;
    private final WireClient client;
    /** Over HTTP/2, one with a connection of its own: some containers end that of a request they have trouble with. */
    private final WireClient batches;

    private Laboratory(HostContainer.Host host, HostOptions options, WireClient client, WireClient batches) {
        this.host = host;
        this.options = options;
        this.client = client;
        this.batches = batches;
    }

    static Laboratory open(HostContainer container, HostOptions options) throws IOException {
        HostContainer.Host host = container.start(options);
        WireClient client = switch (options.protocol()) {
            case HTTP_1_1 -> RawHttpClient.plain(host.port());
            case TLS -> RawHttpClient.overTls(host.port());
            case HTTP_2 -> new Http2Client(host.port());
        };
        WireClient batches = options.http2() ? new Http2Client(host.port()) : client;
        return new Laboratory(host, options, client, batches);
    }

    WireClient client() {
        return client;
    }

    HostOptions.Protocol protocol() {
        return options.protocol();
    }

    /** The same host, over HTTP/1.1, by a client that waits that long for an answer. */
    Laboratory waiting(int readTimeoutMillis) {
        WireClient patient = RawHttpClient.patient(host.port(), readTimeoutMillis);
        return new Laboratory(host, options, patient, patient);
    }

    int port() {
        return host.port();
    }

    /** How many requests the host's own listener has been told of. */
    long requestsSeen() {
        return ((HostApp) options.app()).requestsSeen();
    }

    /** The lines of the container's access log that are not about batches. */
    List<String> accessLog() {
        return host.accessLog().stream()
                .filter(line -> !line.contains("/batch "))
                .toList();
    }

    /** Sends a request alone over the wire. */
    HttpAnswer overTheWire(RequestCase request) throws IOException {
        List<Field> fields = new ArrayList<>(outerFields(request));
        fields.addAll(request.fields());
        return client.send(request.method(), request.target(), fields, request.bodyOnTheWire());
    }

    /**
     * Sends requests in one batch; the id of each is its position. They must agree in what they have on the outer
     * request.
     *
     * @param more further fields of the outer request
     */
    BatchAnswer inOneBatch(List<RequestCase> requests, Field... more) throws IOException {
        List<Field> outer = new ArrayList<>(outerFields(requests.get(0)));
        outer.addAll(List.of(more));
        return batch(requests, outer).send(batches);
    }

    private static BatchCall batch(List<RequestCase> requests, List<Field> outer) {
        BatchCall call = new BatchCall(HostApp.CONTEXT_PATH + "/batch");
        outer.forEach(field -> call.header(field.name(), field.value()));
        for (int i = 0; i < requests.size(); i++) {
            call.item(String.valueOf(i), requests.get(i));
        }
        return call;
    }

    /**
     * The same as a job: they run when the request that they came with has been answered and its connection is closed. The answer's
     * {@code http} is that to this request.
     */
    BatchAnswer inOneJob(List<RequestCase> requests) throws IOException {
        List<Field> outer = new ArrayList<>(outerFields(requests.get(0)));
        List<Field> posting = new ArrayList<>(outer);
        posting.add(new Field("Prefer", "respond-async"));
        HttpAnswer posted = batch(requests, posting).exchange(batches);
        String job = posted.first("Location")
                .orElseThrow(() -> new IOException("no job but " + posted.status() + " " + posted.text()));
        HttpAnswer result;
        do {
            result = batches.send("GET", job, outer, null);
        } while (result.status() == 202);
        return new BatchAnswer(posted, BatchAnswer.read(result).items());
    }

    @Override
    public void close() throws IOException {
        for (WireClient each : List.of(client, batches)) {
            if (each instanceof Http2Client http2) {
                http2.close();
            }
        }
        host.close();
    }

    private List<Field> outerFields(RequestCase request) throws IOException {
        List<Field> fields = new ArrayList<>(request.outer());
        if (request.session() != SessionNeed.NONE) {
            fields.add(new Field("Cookie", newSession()));
        }
        return fields;
    }

    private String newSession() throws IOException {
        HttpAnswer created = batches.send("GET", HostApp.CONTEXT_PATH + "/session/create?value=kept", List.of(), null);
        String cookie = created.first("Set-Cookie")
                .orElseThrow(() -> new IOException("no session but status " + created.status()));
        String session = cookie.substring(0, cookie.indexOf(';'));
        // Tomcat may say of a session that it is new until the request that made it has been recycled, a moment after
        // its
        // answer; a request later it is not.
        batches.send("GET", HostApp.CONTEXT_PATH + "/session/read", List.of(new Field("Cookie", session)), null);
        return session;
    }
}
