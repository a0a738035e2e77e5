package io.multistatus.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port from which it is further to a server: bytes are passed on as they are, half a round trip later each way, and the first ones of
 * a client another round trip later, which is what it takes to open a connection. Bandwidth is not limited, order is kept, and
 * how one side ends is how the other one learns of it. One thread for all connections. Thread-safe.
 */
final class DelayProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DelayProxy.class);
    private static final int BUFFER_BYTES = 64 * 1024;

    /** How long connections that the server has closed may take to end, beyond what is on its way to the client. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long none is accepted after one that could not be: mostly there are too many open files, and it goes on waiting. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int rttMillis;
    private final long rtt;
    private final int port;
    private final InetSocketAddress server;
    private final Selector selector;
    private final ServerSocketChannel listening;
    private final Thread thread;
    private final Set<Connection> connections = new HashSet<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** From when on connections are accepted again; null if they are. Belongs to the thread. */
    private @Nullable Long acceptFrom;

    /** Until when there may be connections; null for as long as there are any. */
    private volatile @Nullable Long end;

    private DelayProxy(int rttMillis, InetSocketAddress server, Selector selector, ServerSocketChannel listening) {
        this.rttMillis = rttMillis;
        this.port = listening.socket().getLocalPort();
        this.rtt = TimeUnit.MILLISECONDS.toNanos(rttMillis);
        this.server = server;
        this.selector = selector;
        this.listening = listening;
        this.thread = new Thread(this::run, "demo-delay-" + rttMillis);
        thread.setDaemon(true);
    }

    /**
     * One that listens on any free port of {@code address}.
     *
     * @param rttMillis how long a round trip takes, in milliseconds, more than 0
     * @param server what it passes everything on to
     */
    static DelayProxy open(int rttMillis, InetAddress address, InetSocketAddress server) throws IOException {
        Selector selector = Selector.open();
        try {
            ServerSocketChannel listening = ServerSocketChannel.open();
            try {
                listening.bind(new InetSocketAddress(address, 0));
                listening.configureBlocking(false);
                listening.register(selector, SelectionKey.OP_ACCEPT);
                DelayProxy proxy = new DelayProxy(rttMillis, server, selector, listening);
                proxy.thread.start();
                return proxy;
            } catch (IOException e) {
                listening.close();
                throw e;
            }
        } catch (IOException e) {
            selector.close();
            throw e;
        }
    }

    /** How long a round trip takes, in milliseconds. */
    int rttMillis() {
        return rttMillis;
    }

    /** The port that is listened on. */
    int port() {
        return port;
    }

    /** Refuses new connections; the others go on. */
    void refuse() {
        try {
            listening.close();
        } catch (IOException e) {
            LOG.debug("A port that cannot be closed", e);
        }
        // The port is free when the selector has seen it.
        selector.wakeup();
    }

    /** Refuses new connections, lets what is on its way arrive, then ends all connections. Does not wait for that. */
    void finish() {
        refuse();
        end = System.nanoTime() + rtt + GRACE_NANOS;
        selector.wakeup();
    }

    /** As {@link #finish()}, if that has not been called. Returns when there are no connections any more. */
    @Override
    public void close() {
        if (end == null) {
            finish();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (selector;
                listening) {
            while (!isOver()) {
                selector.select(this::handle, millis(deliver()));
            }
        } catch (IOException e) {
            LOG.warn("The delay of {} ms is not there any more", rttMillis, e);
        } finally {
            connections.forEach(Connection::reset);
        }
    }

    private boolean isOver() {
        Long last = end;
        return last != null && (connections.isEmpty() || System.nanoTime() - last > 0);
    }

    /** Rounded up, so that what was waited for is due; at least 1, since 0 is no limit for a selector. */
    static long millis(long nanos) {
        return nanos == Long.MAX_VALUE ? 0 : Math.max((nanos + 999_999) / 1_000_000, 1);
    }

    /** Lets arrive what is due, and says how long it is until there is something to do again. */
    private long deliver() {
        long now = System.nanoTime();
        Long last = end;
        long wait = Math.min(last == null ? Long.MAX_VALUE : Math.max(last - now, 0), pauseLeft(now));
        for (Iterator<Connection> each = connections.iterator(); each.hasNext(); ) {
            Connection connection = each.next();
            wait = Math.min(wait, connection.deliver(now));
            if (connection.isOver()) {
                each.remove();
            }
        }
        return wait;
    }

    private void handle(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.attachment() instanceof Connection connection) {
            connection.handle(key);
        } else {
            accept();
        }
    }

    private void accept() {
        try {
            for (SocketChannel client = listening.accept(); client != null; client = listening.accept()) {
                open(client);
            }
        } catch (IOException e) {
            LOG.debug("A connection that cannot be accepted", e);
            acceptFrom = System.nanoTime() + PAUSE_NANOS;
            listenFor(0);
        }
    }

    /** How long none is accepted yet. */
    private long pauseLeft(long now) {
        Long from = acceptFrom;
        if (from == null) {
            return Long.MAX_VALUE;
        }
        if (from - now > 0) {
            return from - now;
        }
        acceptFrom = null;
        listenFor(SelectionKey.OP_ACCEPT);
        return Long.MAX_VALUE;
    }

    private void listenFor(int operations) {
        SelectionKey key = listening.keyFor(selector);
        try {
            if (key != null) {
                key.interestOps(operations);
            }
        } catch (CancelledKeyException e) {
            LOG.trace("The port is closed", e);
        }
    }

    private void open(SocketChannel client) throws IOException {
        Connection connection;
        try {
            connection = new Connection(client, SocketChannel.open());
        } catch (IOException e) {
            client.close();
            throw e;
        }
        connections.add(connection);
        connection.open();
    }

    private final class Connection {
        private final SocketChannel client;
        private final SocketChannel upstream;
        private final DelayedStream requests;
        private final DelayedStream answers;

        Connection(SocketChannel client, SocketChannel upstream) {
            this.client = client;
            this.upstream = upstream;
            long now = System.nanoTime();
            requests = new DelayedStream(client, upstream, rtt / 2, now + rtt);
            answers = new DelayedStream(upstream, client, rtt / 2, now);
        }

        void open() {
            try {
                for (SocketChannel each : new SocketChannel[] {client, upstream}) {
                    each.configureBlocking(false);
                    each.setOption(StandardSocketOptions.TCP_NODELAY, true);
                }
                client.register(selector, 0, this);
                upstream.register(selector, SelectionKey.OP_CONNECT, this);
                upstream.connect(server);
            } catch (IOException e) {
                LOG.debug("The server is not there", e);
                reset();
            }
        }

        void handle(SelectionKey key) {
            if (key.isConnectable()) {
                connect();
            } else if (key.isReadable()) {
                (key.channel() == client ? requests : answers).read(buffer);
            }
        }

        private void connect() {
            try {
                upstream.finishConnect();
            } catch (IOException e) {
                LOG.debug("The server is not there", e);
                reset();
            }
        }

        /** As {@link DelayedStream#deliver}, for both. */
        long deliver(long now) {
            if (!upstream.isConnected()) {
                return Long.MAX_VALUE;
            }
            try {
                long wait = Math.min(requests.deliver(now), answers.deliver(now));
                if (requests.isOver() && answers.isOver()) {
                    client.close();
                    upstream.close();
                    return Long.MAX_VALUE;
                }
                client.keyFor(selector).interestOps(interest(requests, answers));
                upstream.keyFor(selector).interestOps(interest(answers, requests));
                return wait;
            } catch (IOException e) {
                LOG.trace("A connection that has ended early", e);
                reset();
                return Long.MAX_VALUE;
            }
        }

        private static int interest(DelayedStream itsOwn, DelayedStream other) {
            return (itsOwn.canTake() ? SelectionKey.OP_READ : 0) | (other.isStuck() ? SelectionKey.OP_WRITE : 0);
        }

        boolean isOver() {
            return !client.isOpen();
        }

        /** Ends it as one that has failed. */
        void reset() {
            for (SocketChannel each : new SocketChannel[] {client, upstream}) {
                try (each) {
                    if (each.isConnected()) {
                        each.setOption(StandardSocketOptions.SO_LINGER, 0);
                    }
                } catch (IOException e) {
                    LOG.trace("A connection that cannot be reset", e);
                }
            }
        }
    }
}
