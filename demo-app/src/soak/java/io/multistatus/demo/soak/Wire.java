package io.multistatus.demo.soak;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A connection to the server on which anything can be said, at any pace, and be broken off. Where the server ends it after an
 * answer, and says so, the next exchange has another one. Not thread-safe.
 */
final class Wire implements AutoCloseable {
    /** Longer than the server ever has to take: what has not come by then never will. */
    private static final int PATIENCE_MILLIS = 30_000;

    private static final int CONNECT_MILLIS = 10_000;

    private final InetSocketAddress server;
    private final int receiveBuffer;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private boolean ended;

    Wire(InetSocketAddress server) throws IOException {
        this(server, 0);
    }

    /** @param receiveBuffer how many bytes the server can be ahead of the reader; 0 for what is usual */
    Wire(InetSocketAddress server, int receiveBuffer) throws IOException {
        this.server = server;
        this.receiveBuffer = receiveBuffer;
        connect();
    }

    private void connect() throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.connect(server, CONNECT_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = receiveBuffer > 0
                ? new BufferedInputStream(new SlowStream(socket.getInputStream()), receiveBuffer)
                : new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        ended = false;
    }

    /** The head of a request whose body has that length, to which a keep-alive connection is offered. */
    static String head(String method, String target, String fields, long length) {
        return method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + fields
                + (length < 0 ? "" : "Content-Length: " + length + "\r\n") + "\r\n";
    }

    Answer exchange(String method, String target, String fields, byte[] body) throws IOException {
        next(head(method, target, fields, body.length));
        write(body);
        return read();
    }

    Answer get(String target) throws IOException {
        next(head("GET", target, "", -1));
        return read();
    }

    private void next(String head) throws IOException {
        if (ended) {
            close();
            connect();
        }
        write(head.getBytes(US_ASCII));
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    /** Says that there is nothing more to come, and still listens. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Reads so many bytes of whatever comes, or all if it is less. */
    void readSome(int bytes) throws IOException {
        in.readNBytes(bytes);
    }

    /** Breaks off with a reset, as when a machine goes away. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /**
     * Reads one answer to its end.
     *
     * @throws IOException if it is cut off or is no HTTP
     */
    Answer read() throws IOException {
        String statusLine = line();
        if (!statusLine.matches("HTTP/1\\.1 [1-5][0-9][0-9]( .*)?")) {
            throw new IOException("No answer: '" + statusLine + "'");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        ended = headers.getOrDefault("connection", "").equalsIgnoreCase("close");
        int status = Integer.parseInt(statusLine.substring(9, 12));
        return new Answer(status, headers, new String(body(status, headers), UTF_8));
    }

    private byte[] body(int status, Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            return chunks();
        }
        String length = headers.get("content-length");
        if (length != null) {
            return whole(Integer.parseInt(length));
        }
        return status == 204 || status == 304 ? new byte[0] : in.readAllBytes();
    }

    private byte[] whole(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("The connection ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line().strip(), 16);
            body.writeBytes(whole(size));
            line();
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("The connection ended after '" + line.toString(ISO_8859_1) + "'");
            }
            if (next == '\n') {
                return line.toString(ISO_8859_1).stripTrailing();
            }
            line.write(next);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Takes its time with the first part of what it reads. */
    private static final class SlowStream extends FilterInputStream {
        private static final int SLOW_READS = 25;
        private static final long PAUSE_MILLIS = 40;

        private int reads;

        SlowStream(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (reads++ < SLOW_READS) {
                Load.pause(PAUSE_MILLIS);
            }
            return super.read(bytes, offset, length);
        }
    }
}
