package io.multistatus.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that were valid before they were damaged, and how a stream hands them out. All of it is decided by a seed, so that
 * what has failed once fails again. Immutable.
 */
public final class FuzzedInput {
    private static final int MAX_SHOWN = 20_000;
    /** Long enough to make out what takes time by the square of its length. */
    private static final int MAX_REPEATED_BYTES = 300_000;

    private final long seed;
    private final byte[] bytes;

    private FuzzedInput(long seed, byte[] bytes) {
        this.seed = seed;
        this.bytes = bytes;
    }

    /**
     * One that comes of {@code seed}.
     *
     * @param corpus valid inputs, of which one is damaged
     * @param words what means something to the reader, or is hard on it
     */
    public static FuzzedInput of(long seed, List<byte[]> corpus, List<byte[]> words) {
        Random random = new Random(seed);
        byte[] bytes = one(corpus, random);
        // One in sixteen stays whole.
        for (int i = random.nextInt(16) == 0 ? 0 : 1 + random.nextInt(random.nextInt(3) == 0 ? 8 : 2); i > 0; i--) {
            bytes = damaged(bytes, corpus, words, random);
        }
        return new FuzzedInput(seed, bytes);
    }

    private static byte[] damaged(byte[] bytes, List<byte[]> corpus, List<byte[]> words, Random random) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(random.nextInt(4) == 0 ? bytes.length + 1 : 8));
        byte[] between = Arrays.copyOfRange(bytes, from, to);
        return switch (random.nextInt(random.nextInt(60) == 0 ? 10 : 9)) {
            case 0 -> spliced(bytes, from, new byte[] {(byte) random.nextInt()}, Math.min(from + 1, bytes.length));
            case 1 -> spliced(bytes, from, flipped(between, random), to);
            case 2 -> spliced(bytes, from, one(words, random), from);
            case 3 -> spliced(bytes, from, one(words, random), to);
            case 4 -> spliced(bytes, from, new byte[0], to);
            case 5 -> spliced(bytes, to, between, to);
            case 6 -> Arrays.copyOf(bytes, from);
            case 7 -> {
                byte[] other = one(corpus, random);
                yield spliced(bytes, from, other, bytes.length, random.nextInt(other.length));
            }
            case 8 -> {
                // What stands somewhere stands somewhere else as well.
                int at = random.nextInt(bytes.length + 1);
                yield spliced(bytes, at, between, at);
            }
            default -> {
                byte[] unit = between.length == 0 ? one(words, random) : between;
                yield spliced(bytes, to, repeated(unit, random), to);
            }
        };
    }

    private static byte[] one(List<byte[]> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        byte[] flipped = bytes.clone();
        for (int i = 0; i < flipped.length; i++) {
            flipped[i] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private static byte[] repeated(byte[] unit, Random random) {
        int times = 1 + random.nextInt(Math.max(1, MAX_REPEATED_BYTES / unit.length));
        byte[] all = new byte[unit.length * times];
        for (int i = 0; i < all.length; i++) {
            all[i] = unit[i % unit.length];
        }
        return all;
    }

    private static byte[] spliced(byte[] bytes, int from, byte[] other, int to) {
        return spliced(bytes, from, other, to, 0);
    }

    /** With {@code other} from {@code begin} on in place of what stands between {@code from} and {@code to}. */
    private static byte[] spliced(byte[] bytes, int from, byte[] other, int to, int begin) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + other.length);
        out.write(bytes, 0, from);
        out.write(other, begin, other.length - begin);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }

    /** The bytes themselves, not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** A stream of them that hands out as many as it is asked for. */
    public Chunks atOnce() {
        return new Chunks(bytes, Integer.MAX_VALUE, new Random(seed));
    }

    /** A stream of them in pieces: of one byte each, of a few, or about as long as readers' buffers. */
    public Chunks inChunks() {
        Random random = new Random(seed);
        int[] longest = {1, 9, 9000};
        return new Chunks(bytes, longest[random.nextInt(longest.length)], random);
    }

    /** As a string literal of Java in Latin-1, for a test of its own. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(bytes.length + " bytes of seed " + seed + ": \"");
        String latin1 = new String(bytes, 0, Math.min(bytes.length, MAX_SHOWN), StandardCharsets.ISO_8859_1);
        for (int i = 0; i < latin1.length(); i++) {
            char c = latin1.charAt(i);
            switch (c) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '"', '\\' -> text.append('\\').append(c);
                default -> text.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\u%04x", (int) c));
            }
        }
        return text.append(bytes.length > MAX_SHOWN ? "\" and more" : "\"").toString();
    }

    /** A stream that sees that nobody asks it for ever. Not thread-safe. */
    public static final class Chunks extends InputStream {
        private static final int MAX_READS_AT_END = 100;

        private final byte[] bytes;
        private final int longest;
        private final Random random;
        private int at;
        private int end;
        private int readsAtEnd;
        private @Nullable IOException failure;

        private Chunks(byte[] bytes, int longest, Random random) {
            this.bytes = bytes;
            this.longest = longest;
            this.random = random;
            this.end = bytes.length;
        }

        /** Fails with {@code cause} somewhere, at the latest where it would end. */
        public Chunks failingWith(IOException cause) {
            end = random.nextInt(bytes.length + 1);
            failure = cause;
            return this;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (at == end) {
                if (failure != null) {
                    throw failure;
                }
                if (++readsAtEnd > MAX_READS_AT_END) {
                    throw new IllegalStateException("the stream is at its end, and read on and on");
                }
                return -1;
            }
            int count = Math.min(Math.min(length, end - at), longest == 1 ? 1 : 1 + random.nextInt(longest));
            System.arraycopy(bytes, at, target, offset, count);
            at += count;
            return count;
        }
    }
}
