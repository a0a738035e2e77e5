package io.multistatus.idempotency;

/**
 * Tells a request with a key from another one with the same key (draft-ietf-httpapi-idempotency-key-header-06, section 2.4):
 * method, target, and of the body as much as its handler has read, in the way it has read it.
 *
 * @param head digest of method and target
 * @param kind how the body was read
 * @param length how many bytes of it were read; 0 unless it was read as bytes
 * @param body digest of what was read
 */
public record Fingerprint(String head, Kind kind, long length, String body) {

    /** Ways to read a body. */
    public enum Kind {
        /** As bytes or characters, to its end. */
        WHOLE,
        /** As bytes or characters, not to its end. */
        BEGINNING,
        /** By the container, as the parameters of a form. */
        FORM,
        /** By the container, as the parts of a form. */
        PARTS
    }
}
