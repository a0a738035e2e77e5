package io.multistatus.format;

import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import java.io.IOException;
import java.io.InputStream;

/** One way to write a batch and its answer. Thread-safe. */
public interface BatchFormat {

    /** The media type that clients send it with, for lists of what is supported. */
    String mediaType();

    /**
     * Whether this format reads bodies of that type.
     *
     * @param mediaType type and subtype in lower case, without parameters
     */
    boolean reads(String mediaType);

    /**
     * Whether its clients can say what depends on what. Where an item of such a batch does, that is the order, unless another
     * one is asked for; and it can take over values from the answers that it depends on.
     */
    boolean hasDependencies();

    /** Whether a batch stops at its first failure, if its client says nothing of that. */
    boolean stopsOnError(Dialect dialect);

    /**
     * Reads a batch to its end.
     *
     * @param dialect what else than both allow is an error
     * @param contentType the request's Content-Type with its parameters
     * @param body the request's body; may throw {@link LimitExceededException} once it is too long
     * @param batch takes the items as they are read and checks them
     * @return {@code batch.build()}
     * @throws BatchException if the batch as a whole is malformed or over a limit
     * @throws IOException if the body cannot be read (the client is gone or too slow)
     */
    Batch read(Dialect dialect, String contentType, InputStream body, BatchBuilder batch)
            throws BatchException, IOException;

    /**
     * A writer for one envelope.
     *
     * @param status the status of the answer as a whole: 207 or 200
     */
    EnvelopeWriter newWriter(Dialect dialect, int status);
}
