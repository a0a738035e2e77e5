package io.multistatus.reference;

/** JSON in UTF-8, somewhere in an array that nobody writes to; without white space around it. Immutable. */
final class JsonSlice {
    private final byte[] bytes;
    private final int offset;
    private final int length;

    JsonSlice(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    /** The array that it is in; not to be written to. */
    byte[] bytes() {
        return bytes;
    }

    /** Where in {@link #bytes()} it begins. */
    int offset() {
        return offset;
    }

    /** How many bytes it has. */
    int length() {
        return length;
    }
}
