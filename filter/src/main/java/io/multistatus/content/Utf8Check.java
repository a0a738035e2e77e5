package io.multistatus.content;

/**
 * Checks bytes for strict UTF-8 (RFC 3629: shortest forms, no surrogates, nothing past U+10FFFF) as they flow by, in
 * pieces of any size. Jackson does not do that where it skips. Not thread-safe.
 */
public final class Utf8Check {
    /** How many bytes the sequence still lacks. */
    private int missing;
    /** What the next byte may be, if any is missing. */
    private int lowest;

    private int highest;

    /** Whether the {@code length} bytes at {@code offset} are UTF-8 from the first to the last. */
    public static boolean isUtf8(byte[] bytes, int offset, int length) {
        Utf8Check check = new Utf8Check();
        return check.findFault(bytes, offset, length) < 0 && check.atBoundary();
    }

    /** Whether what has been seen ends with a whole character. */
    public boolean atBoundary() {
        return missing == 0;
    }

    /** The index of the first byte that cannot stand where it stands, or -1. */
    public int findFault(byte[] bytes, int offset, int length) {
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            int value = bytes[i];
            if (missing == 0) {
                if (value < 0 && !begin(value & 0xff)) {
                    return i;
                }
            } else {
                value &= 0xff;
                if (value < lowest || value > highest) {
                    return i;
                }
                missing--;
                lowest = 0x80;
                highest = 0xbf;
            }
        }
        return -1;
    }

    /** The table of RFC 3629, section 4: what the second byte may be depends on the first. */
    private boolean begin(int first) {
        lowest = 0x80;
        highest = 0xbf;
        if (first >= 0xc2 && first <= 0xdf) {
            missing = 1;
        } else if (first >= 0xe0 && first <= 0xef) {
            missing = 2;
            if (first == 0xe0) {
                lowest = 0xa0;
            } else if (first == 0xed) {
                highest = 0x9f;
            }
        } else if (first >= 0xf0 && first <= 0xf4) {
            missing = 3;
            if (first == 0xf0) {
                lowest = 0x90;
            } else if (first == 0xf4) {
                highest = 0x8f;
            }
        } else {
            return false;
        }
        return true;
    }
}
