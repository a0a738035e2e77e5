package io.multistatus.idempotency;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.security.MessageDigest;

/** Passes on the bytes of a request's body and takes their digest. Used by one thread at a time, as any such stream. */
final class RequestBodyDigest extends ServletInputStream {
    private final ServletInputStream in;
    private final MessageDigest digest = Digests.newSha256();
    private long length;
    private boolean ended;
    private boolean nonBlocking;

    RequestBodyDigest(ServletInputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        if (b < 0) {
            ended = true;
        } else {
            digest.update((byte) b);
            length++;
        }
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        int read = in.read(bytes, offset, count);
        if (read < 0) {
            ended = true;
        } else {
            digest.update(bytes, offset, read);
            length += read;
        }
        return read;
    }

    /** Reads what nobody has read, unless the app reads without blocking. */
    void drain() throws IOException {
        if (!nonBlocking) {
            byte[] rest = new byte[4096];
            while (read(rest, 0, rest.length) >= 0) {
                // Its digest is all that is wanted.
            }
        }
    }

    /** Reads the first {@code count} bytes, or as many as there are. */
    void readAtMost(long count) throws IOException {
        byte[] bytes = new byte[4096];
        long left = count;
        while (left > 0) {
            int read = read(bytes, 0, (int) Math.min(bytes.length, left));
            if (read < 0) {
                return;
            }
            left -= read;
        }
    }

    /** What has been read so far. */
    Fingerprint fingerprint(String head) {
        boolean whole = ended || (nonBlocking && in.isFinished());
        return new Fingerprint(
                head,
                whole ? Fingerprint.Kind.WHOLE : Fingerprint.Kind.BEGINNING,
                length,
                Digests.text(clone(digest).digest()));
    }

    private static MessageDigest clone(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-256 of this Java cannot be cloned", e);
        }
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public boolean isFinished() {
        return in.isFinished();
    }

    @Override
    public boolean isReady() {
        return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        nonBlocking = true;
        in.setReadListener(listener);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
