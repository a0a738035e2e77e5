package io.multistatus.demo.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One keep-alive HTTP/1.1 connection that sends the same bytes again and again. Reads no more of HTTP than it must, so
 * that on a small machine the server is what is measured and not this. Not thread-safe.
 */
final class Connection implements AutoCloseable {
    private static final int INITIAL_CAPACITY = 64 * 1024;
    private static final String CONTENT_LENGTH = "\r\ncontent-length: ";

    private final InetSocketAddress server;
    private final ByteBuffer request;
    private SocketChannel channel;
    private byte[] received = new byte[INITIAL_CAPACITY];
    private int length;

    Connection(InetSocketAddress server, byte[] request) throws IOException {
        this.server = server;
        this.request = ByteBuffer.allocateDirect(request.length).put(request);
        channel = open(server);
    }

    private static SocketChannel open(InetSocketAddress server) throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    /** Sends the request and waits for the whole answer, which is good until the next call. */
    Answer exchange() throws IOException {
        request.rewind();
        while (request.hasRemaining()) {
            channel.write(request);
        }
        length = 0;
        int bodyBegin = indexAfter("\r\n\r\n", 0);
        String head = new String(received, 0, bodyBegin, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int status = Integer.parseInt(head, head.indexOf(' ') + 1, head.indexOf(' ') + 4, 10);
        boolean closed = head.contains("\r\nconnection: close\r\n");
        int bodyLength;
        if (head.contains("\r\ntransfer-encoding: chunked\r\n")) {
            bodyLength = readChunks(bodyBegin);
        } else if (head.contains(CONTENT_LENGTH)) {
            bodyLength = readLength(head, bodyBegin);
        } else if (closed) {
            bodyLength = readToEnd(bodyBegin);
        } else {
            throw new IOException("An answer that does not say where it ends: " + head);
        }
        if (closed) {
            // On a machine so busy that a thread stood still for long, the filter answers in that thread's stead so.
            channel.close();
            channel = open(server);
        }
        return new Answer(status, ByteBuffer.wrap(received, bodyBegin, bodyLength));
    }

    private int readLength(String head, int bodyBegin) throws IOException {
        int begin = head.indexOf(CONTENT_LENGTH) + CONTENT_LENGTH.length();
        int bodyLength = Integer.parseInt(head, begin, head.indexOf('\r', begin), 10);
        while (length < bodyBegin + bodyLength) {
            receive();
        }
        return bodyLength;
    }

    /** The end of the connection is that of the answer; whether it is whole, its reader must see. */
    private int readToEnd(int bodyBegin) throws IOException {
        while (receiveMore()) {}
        return length - bodyBegin;
    }

    /** Moves the chunks together (RFC 9112, section 7.1; there are no extensions, no trailers) and returns their length. */
    private int readChunks(int bodyBegin) throws IOException {
        int bodyEnd = bodyBegin;
        int at = bodyBegin;
        while (true) {
            int dataBegin = indexAfter("\r\n", at);
            int size = Integer.parseInt(
                    new String(received, at, dataBegin - 2 - at, StandardCharsets.ISO_8859_1).strip(), 16);
            at = dataBegin + size + 2;
            while (length < at) {
                receive();
            }
            if (size == 0) {
                return bodyEnd - bodyBegin;
            }
            System.arraycopy(received, dataBegin, received, bodyEnd, size);
            bodyEnd += size;
        }
    }

    /** Where what follows the next {@code end} begins. */
    private int indexAfter(String end, int from) throws IOException {
        int at = from;
        while (true) {
            for (; at + end.length() <= length; at++) {
                int matched = 0;
                while (matched < end.length() && received[at + matched] == end.charAt(matched)) {
                    matched++;
                }
                if (matched == end.length()) {
                    return at + matched;
                }
            }
            receive();
        }
    }

    private void receive() throws IOException {
        if (!receiveMore()) {
            throw new EOFException("The server closed the connection after " + length + " bytes of an answer");
        }
    }

    private boolean receiveMore() throws IOException {
        if (length == received.length) {
            received = Arrays.copyOf(received, 2 * length);
        }
        int count = channel.read(ByteBuffer.wrap(received, length, received.length - length));
        length += Math.max(count, 0);
        return count >= 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
