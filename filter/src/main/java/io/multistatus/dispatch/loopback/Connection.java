package io.multistatus.dispatch.loopback;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A connection to the server, for one item. All but {@link #close} belongs to the thread that sends it. */
final class Connection implements Closeable {
    /** There from the beginning, so that connecting can be broken off as well. */
    private final Socket plain = new Socket();

    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();

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

    /** On any thread; whoever is connecting, reading or writing gets an {@link IOException}. */
    @Override
    public void close() throws IOException {
        plain.close();
    }
}
