package io.multistatus.exactlyonce;

import io.multistatus.standalone.ServerProcess;
import io.multistatus.support.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Two processes of the app. For one that has been killed another one is started, ahead of time, so that nobody waits long. */
final class Cluster {
    static final int SIZE = 2;
    /** Starting takes longer than most rounds. */
    private static final int SPARES = 2;

    private static final Pattern LISTENING = Pattern.compile("listening on (\\d+)\\.");
    private static final long PATIENCE_SECONDS = 60;

    private record Node(ServerProcess process, int port) {}

    private final String databaseUrl;
    private final boolean transactional;
    private final TempDirectory directory = TempDirectory.create();
    private final AtomicInteger started = new AtomicInteger();
    private final ExecutorService starter = Executors.newFixedThreadPool(SPARES);
    private final @Nullable Node[] nodes = new Node[SIZE];
    /** Where each listens; 0 if it does not. Read by clients at any time. */
    private final AtomicIntegerArray ports = new AtomicIntegerArray(SIZE);

    private final Deque<Future<Node>> spares = new ArrayDeque<>();

    Cluster(String databaseUrl, boolean transactional) throws Exception {
        this.databaseUrl = databaseUrl;
        this.transactional = transactional;
        for (int i = 0; i < SPARES; i++) {
            spares.addLast(starter.submit(this::start));
        }
        for (int place = 0; place < SIZE; place++) {
            fill(place);
        }
    }

    private Node start() throws IOException, InterruptedException {
        ServerProcess process = ServerProcess.java(
                Files.createDirectory(directory.path().resolve("node" + started.incrementAndGet())),
                List.of(
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShopNode.class.getName(),
                        databaseUrl,
                        Boolean.toString(transactional)));
        return new Node(process, Integer.parseInt(process.await(LISTENING).group(1)));
    }

    /** Where the one at {@code place} listens; 0 if there is none now. */
    int port(int place) {
        return ports.get(place);
    }

    /** Kills the one at {@code place}. */
    void kill(int place) throws InterruptedException {
        Node node = nodes[place];
        if (node != null) {
            node.process.kill();
            ports.set(place, 0);
            nodes[place] = null;
        }
    }

    /** Has one at {@code place}, waiting for it if need be. */
    void fill(int place) throws InterruptedException, ExecutionException {
        if (nodes[place] == null) {
            Node next = spares.removeFirst().get();
            nodes[place] = next;
            ports.set(place, next.port);
            spares.addLast(starter.submit(this::start));
        }
    }

    /** Kills all that has been started. */
    void stop() throws Exception {
        for (int place = 0; place < SIZE; place++) {
            kill(place);
        }
        try {
            for (Future<Node> spare : spares) {
                spare.get(PATIENCE_SECONDS, TimeUnit.SECONDS).process.kill();
            }
        } finally {
            starter.shutdownNow();
            directory.close();
        }
    }
}
