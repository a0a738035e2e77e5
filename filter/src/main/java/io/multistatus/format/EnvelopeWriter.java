package io.multistatus.format;

import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes one envelope piece by piece: {@link #begin} once, {@link #item} for each item, {@link #end} once. A piece need
 * not be flushed; the caller may send it before it asks for the next. Not thread-safe.
 */
public interface EnvelopeWriter {

    /** The Content-Type of the envelope, with its parameters. */
    String contentType();

    /** Writes what stands before the first item. */
    void begin(OutputStream out) throws IOException;

    /**
     * Writes one item, together with what separates it from the one before.
     *
     * @param response its answer, with those headers only that belong into the envelope
     * @param cookiesDropped whether it set cookies that the client does not get
     */
    void item(Subrequest request, Subresponse response, boolean cookiesDropped, OutputStream out) throws IOException;

    /** Writes one item whose cookies, if any, the client gets. */
    default void item(Subrequest request, Subresponse response, OutputStream out) throws IOException {
        item(request, response, false, out);
    }

    /** Writes what means nothing, between items, so that nobody on the way takes the connection for dead. */
    void keepAlive(OutputStream out) throws IOException;

    /** Writes what stands after the last item. */
    void end(Summary summary, OutputStream out) throws IOException;
}
