package io.multistatus.model;

/**
 * What a client calls an item. Ids are compared by their text: the number {@code 1}, the string {@code "1"} and the
 * Content-ID {@code <1>} are the same id. The answer echoes an id as it came.
 *
 * @param text the id, 1 to 128 characters, or the digits of the number as they were written
 * @param spelling how the client wrote it
 * @param scope the part of the batch, from 1, that it is unique in; 0 for the whole batch
 */
public record ItemId(String text, Spelling spelling, int scope) {

    /** The ways to write an id. */
    public enum Spelling {
        /** As text: a JSON string, or a Content-ID without brackets. */
        PLAIN,
        /** As a JSON number. */
        NUMBER,
        /** As a Content-ID in angle brackets (RFC 2392, section 2). */
        BRACKETED,
        /** As a Content-ID without brackets, not in Latin-1, which is what fields are in, but in UTF-8. */
        PLAIN_UTF_8,
        /** The same in angle brackets. */
        BRACKETED_UTF_8
    }

    /** An id that is unique in the whole batch. */
    public ItemId(String text, Spelling spelling) {
        this(text, spelling, 0);
    }

    /** An id that the client wrote as text. */
    public static ItemId of(String text) {
        return new ItemId(text, Spelling.PLAIN);
    }

    /** An id that the client wrote as a JSON number. */
    public static ItemId ofNumber(String digits) {
        return new ItemId(digits, Spelling.NUMBER);
    }

    /** The same id in another scope. */
    public ItemId in(int otherScope) {
        return new ItemId(text, spelling, otherScope);
    }

    /** What no other item of the batch is called; dependencies are written by it. No client can write the separator in an id. */
    public String name() {
        return scope == 0 ? text : text + '\0' + scope;
    }

    @Override
    public String toString() {
        return text;
    }
}
