package io.multistatus.model;

/**
 * What a client calls an item. Ids are compared by their text: the number {@code 1}, the string {@code "1"} and the
 * Content-ID {@code <1>} are the same id. The answer echoes an id as it came.
 *
 * @param text the id, 1 to 128 characters, or the digits of the number as they were written
 * @param spelling how the client wrote it
 */
public record ItemId(String text, Spelling spelling) {

    /** The ways to write an id. */
    public enum Spelling {
        /** As text: a JSON string, or a Content-ID without brackets. */
        PLAIN,
        /** As a JSON number. */
        NUMBER,
        /** As a Content-ID in angle brackets (RFC 2392, section 2). */
        BRACKETED
    }

    /** An id that the client wrote as text. */
    public static ItemId of(String text) {
        return new ItemId(text, Spelling.PLAIN);
    }

    /** An id that the client wrote as a JSON number. */
    public static ItemId ofNumber(String digits) {
        return new ItemId(digits, Spelling.NUMBER);
    }

    @Override
    public String toString() {
        return text;
    }
}
