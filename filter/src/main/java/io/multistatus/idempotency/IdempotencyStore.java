package io.multistatus.idempotency;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which keyed requests are running and how those that have ended were answered. Several processes may share one.
 * Implementations are thread-safe.
 */
public interface IdempotencyStore extends AutoCloseable {

    /**
     * Claims a key, or says what has become of it. Of all that ask for a key at the same time, in whatever process, one gets
     * the claim.
     *
     * @throws IdempotencyStoreException if the store cannot tell; then the request must not run
     */
    Outcome claim(ScopedKey key) throws IdempotencyStoreException;

    /** Lets go of what the store holds; claims that are open stay so until they lapse. */
    @Override
    void close();

    /**
     * What has become of a key: it is the caller's now, or somebody's whose request is still running, or has an answer.
     *
     * @param claim what the caller has to end, if it is the caller's
     * @param answered how the request with that key was answered, if it was
     */
    record Outcome(@Nullable Claim claim, @Nullable Answered answered) {

        /** The caller has it. */
        public static Outcome claimed(Claim claim) {
            return new Outcome(claim, null);
        }

        /** Somebody else has it, whose request has not ended. */
        public static Outcome running() {
            return new Outcome(null, null);
        }

        /** The request has been answered. */
        public static Outcome answered(Answered answered) {
            return new Outcome(null, answered);
        }

        /** The claim, if the caller got it. */
        public Optional<Claim> claimed() {
            return Optional.ofNullable(claim);
        }
    }

    /**
     * A request that was answered.
     *
     * @param fingerprint what the request was, as far as its handler has looked
     * @param answer what the handler said
     */
    record Answered(Fingerprint fingerprint, StoredAnswer answer) {}

    /** The right to run a request, until it is ended by one of its methods. */
    interface Claim {

        /**
         * Keeps the answer and ends the claim. A store that cannot keep it at the moment may return if it tries again by itself and
         * holds the key until then.
         *
         * @throws IdempotencyStoreException if it could not be kept; the key then stays claimed until the claim lapses
         */
        void complete(Answered answered) throws IdempotencyStoreException;

        /**
         * Ends the claim as if it had never been: the next request with the key runs.
         *
         * @throws IdempotencyStoreException if the store could not be told; the key then stays claimed until the claim lapses
         */
        void release() throws IdempotencyStoreException;
    }
}
