package io.multistatus.equivalence;

import java.io.IOException;
import java.util.List;

/** Sends requests over the wire to one server on 127.0.0.1, just as they are given. */
public interface WireClient {

    /**
     * Sends a request to the server's own address, with the given fields, and {@code Content-Length} if there is a body.
     *
     * @param target the request target, ISO-8859-1
     * @param body may be null
     * @throws java.net.SocketTimeoutException if the host says nothing for a long time: neither an answer nor a broken one
     */
    HttpAnswer send(String method, String target, List<Field> fields, byte[] body) throws IOException;
}
