package io.multistatus.model;

/**
 * What a client calls an item. Ids are compared by their text: the number {@code 1} and the string {@code "1"} are the
 * same id. The answer echoes an id with the type it came with.
 *
 * @param text the id, 1 to 128 characters, or the digits of the number as they were written
 * @param numeric whether the client wrote a JSON number
 */
public record ItemId(String text, boolean numeric) {

    /** An id that the client wrote as a string. */
    public static ItemId of(String text) {
        return new ItemId(text, false);
    }

    @Override
    public String toString() {
        return text;
    }
}
