package io.multistatus.dispatch.loopback;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A connection to the server, for one item after another. All but {@link #close} belongs to whoever has taken it. */
final class Connection implements Closeable {
    /** There from the beginning, so that connecting can be broken off as well. */
    private final Socket plain = new Socket();

    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private long idleSince;

    void connect(ServerAddress address) throws IOException {
        Socket socket = address.connect(plain);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    void restsFrom(long nanoTime) {
        idleSince = nanoTime;
    }

    boolean hasRestedLongerThan(long nanos, long now) {
        return now - idleSince > nanos;
    }

    /** On any thread; whoever is connecting, reading or writing gets an {@link IOException}. */
    @Override
    public void close() throws IOException {
        plain.close();
    }
}
