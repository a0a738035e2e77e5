package io.multistatus.format.json;

import io.multistatus.content.Utf8Check;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Passes the batch's bytes on to the parser and keeps those that may still be needed as they are: the raw bytes of the
 * item that is being read. On the way it refuses what is not UTF-8. Offsets count from the first byte it passes on, as
 * the parser's do. Closing it does nothing: the stream below is its owner's. Not thread-safe.
 *
 * <pre>
 *   0 ........ start ....... needed ........ passed on
 *    (dropped)  | bytes[0] ... may go | bytes[length - 1]
 * </pre>
 */
final class RecordingInputStream extends InputStream {

    /** What came by is not UTF-8. */
    static final class NotUtf8Exception extends IOException {
        private static final long serialVersionUID = 1L;

        NotUtf8Exception(String message) {
            super(message);
        }
    }

    private static final int INITIAL_CAPACITY = 8192;

    private final InputStream source;
    private final Utf8Check utf8 = new Utf8Check();
    private byte[] bytes = new byte[INITIAL_CAPACITY];
    private int length;
    private long start;
    private long needed;

    RecordingInputStream(InputStream source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int wanted) throws IOException {
        int count = source.read(target, offset, wanted);
        long position = start + length;
        if (count < 0) {
            if (!utf8.atBoundary()) {
                throw new NotUtf8Exception("it ends within a character, after " + position + " bytes");
            }
            return count;
        }
        int fault = utf8.findFault(target, offset, count);
        if (fault >= 0) {
            throw new NotUtf8Exception(String.format(
                    "byte 0x%02X cannot stand at position %d", target[fault], position + (fault - offset) + 1));
        }
        append(target, offset, count);
        return count;
    }

    /** The bytes before {@code offset} will not be asked for any more. */
    void forgetBefore(long offset) {
        needed = offset;
    }

    /**
     * The bytes from {@code begin} up to {@code end}, both not before what has been forgotten. A view: good until the
     * next read.
     */
    ByteBuffer view(long begin, long end) {
        return ByteBuffer.wrap(bytes, Math.toIntExact(begin - start), Math.toIntExact(end - begin));
    }

    private void append(byte[] source, int offset, int count) {
        if (count > bytes.length - length) {
            makeRoom(count);
        }
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    private void makeRoom(int count) {
        int dropped = Math.toIntExact(needed - start);
        int kept = length - dropped;
        byte[] roomy = bytes;
        if (count > bytes.length - kept) {
            roomy = new byte[Math.max(Math.addExact(kept, count), (int) Math.min(2L * bytes.length, 1 << 30))];
        }
        System.arraycopy(bytes, dropped, roomy, 0, kept);
        bytes = roomy;
        length = kept;
        start += dropped;
    }
}
