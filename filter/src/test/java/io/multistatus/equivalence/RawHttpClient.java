package io.multistatus.equivalence;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * HTTP/1.1 with nothing in between: the request goes out byte for byte, the answer is taken apart no further than its
 * framing (RFC 9112, section 6.3) asks for. Each request has a connection of its own to 127.0.0.1. Thread-safe.
 */
public final class RawHttpClient implements WireClient {
    private static final int READ_TIMEOUT_MILLIS = 15_000;

    private final int port;
    private final SSLSocketFactory tls;
    private final int readTimeoutMillis;

    private RawHttpClient(int port, SSLSocketFactory tls, int readTimeoutMillis) {
        this.port = port;
        this.tls = tls;
        this.readTimeoutMillis = readTimeoutMillis;
    }

    /** A client in plain text. */
    public static RawHttpClient plain(int port) {
        return new RawHttpClient(port, null, READ_TIMEOUT_MILLIS);
    }

    /** A client over TLS that trusts {@link TestCertificate}. */
    public static RawHttpClient overTls(int port) {
        return overTls(port, TestCertificate.trustingContext());
    }

    /** A client over TLS as {@code context} says. */
    static RawHttpClient overTls(int port, SSLContext context) {
        return new RawHttpClient(port, context.getSocketFactory(), READ_TIMEOUT_MILLIS);
    }

    /** A client in plain text that waits that long for an answer. */
    static RawHttpClient patient(int port, int readTimeoutMillis) {
        return new RawHttpClient(port, null, readTimeoutMillis);
    }

    @Override
    public HttpAnswer send(String method, String target, List<Field> fields, byte[] body) throws IOException {
        return sendBytes(bytes(method, target, fields, body), method.equals("HEAD"));
    }

    private byte[] bytes(String method, String target, List<Field> fields, byte[] body) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
        for (Field field : fields) {
            head.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        if (body != null) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (body != null) {
            bytes.writeBytes(body);
        }
        return bytes.toByteArray();
    }

    /**
     * Sends bytes as they are and reads one final answer; {@code toHead} if it is that to a HEAD request.
     *
     * @throws SocketTimeoutException if the host says nothing for a long time: neither an answer nor a broken one
     */
    public HttpAnswer sendBytes(byte[] request, boolean toHead) throws IOException {
        try (Socket socket = connect()) {
            try {
                socket.getOutputStream().write(request);
                socket.getOutputStream().flush();
            } catch (IOException e) {
                // The host may refuse a request before it has all of it: its answer is there to be read.
            }
            return new AnswerReader(new BufferedInputStream(socket.getInputStream()), toHead, socket.getLocalPort())
                    .read();
        }
    }

    /** One connection for several requests, one after another. */
    Connection open() throws IOException {
        return new Connection();
    }

    private Socket connect() throws IOException {
        Socket socket = tls == null
                ? new Socket(InetAddress.getLoopbackAddress(), port)
                : tls.createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(readTimeoutMillis);
        return socket;
    }

    /** A connection that stays as long as the host keeps it. Not thread-safe. */
    final class Connection implements WireClient, AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        private Connection() throws IOException {
            socket = connect();
            in = new BufferedInputStream(socket.getInputStream());
        }

        @Override
        public HttpAnswer send(String method, String target, List<Field> fields, byte[] body) throws IOException {
            socket.getOutputStream().write(bytes(method, target, fields, body));
            socket.getOutputStream().flush();
            return new AnswerReader(in, method.equals("HEAD"), socket.getLocalPort()).read();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final class AnswerReader {
        private final InputStream in;
        private final boolean toHead;
        private final int clientPort;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private List<Field> fields = new ArrayList<>();
        private int status;
        private String reason = "";

        AnswerReader(InputStream in, boolean toHead, int clientPort) {
            this.in = in;
            this.toHead = toHead;
            this.clientPort = clientPort;
        }

        HttpAnswer read() throws SocketTimeoutException {
            String broken = null;
            try {
                do {
                    readHead();
                } while (status / 100 == 1 && status != 101);
                readBody();
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                broken = e.toString();
            }
            return new HttpAnswer(status, reason, List.copyOf(fields), body.toByteArray(), broken, clientPort);
        }

        private void readHead() throws IOException {
            String[] statusLine = line().split(" ", 3);
            if (!statusLine[0].startsWith("HTTP/1.") || statusLine.length < 2) {
                throw new IOException("no status line but '" + String.join(" ", statusLine) + "'");
            }
            status = Integer.parseInt(statusLine[1]);
            reason = statusLine.length > 2 ? statusLine[2] : "";
            fields = new ArrayList<>();
            readFields(fields);
        }

        private void readFields(List<Field> into) throws IOException {
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                if (colon < 1) {
                    throw new IOException("no header field but '" + line + "'");
                }
                into.add(new Field(
                        line.substring(0, colon), line.substring(colon + 1).strip()));
            }
        }

        private void readBody() throws IOException {
            if (toHead || status == 204 || status == 304 || status == 101) {
                return;
            }
            if (fields.stream().anyMatch(field -> field.is("Transfer-Encoding"))) {
                readChunks();
                return;
            }
            String length = fields.stream()
                    .filter(field -> field.is("Content-Length"))
                    .map(Field::value)
                    .findFirst()
                    .orElse(null);
            if (length == null) {
                in.transferTo(body);
            } else {
                readExactly(Long.parseLong(length));
            }
        }

        private void readChunks() throws IOException {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                readExactly(size);
                if (!line().isEmpty()) {
                    throw new IOException("a chunk does not end where it should");
                }
            }
            readFields(new ArrayList<>());
        }

        private int chunkSize() throws IOException {
            return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
        }

        private void readExactly(long length) throws IOException {
            byte[] buffer = new byte[8192];
            for (long left = length; left > 0; ) {
                int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (count < 0) {
                    throw new EOFException("closed " + left + " bytes before the end");
                }
                body.write(buffer, 0, count);
                left -= count;
            }
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new EOFException("closed within the head or a chunk");
                }
                line.write(b);
            }
            return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
        }
    }
}
