package io.multistatus.demo.soak;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** Many clients at once, each of which makes one visit after another. */
final class Load {
    private static final int GOOD_CLIENTS = 16;
    private static final int BAD_CLIENTS = 12;
    private static final int MAX_GOOD_PAUSE_MILLIS = 60;
    private static final int MAX_BAD_PAUSE_MILLIS = 250;

    private final InetSocketAddress server;
    private final Tally tally;
    private final List<Map.Entry<String, Visit>> good = GoodVisits.all();
    private final List<Map.Entry<String, Visit>> bad;
    private final SplittableRandom seeds;

    /** @param seed from which all that is by chance follows, but for what threads and networks add */
    Load(InetSocketAddress server, Tally tally, int hangMillis, long seed) {
        this.server = server;
        this.tally = tally;
        this.bad = Faults.all(hangMillis);
        this.seeds = new SplittableRandom(seed);
    }

    /** Returns when that time has passed and the last answers are there. */
    void run(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        ExecutorService clients = Executors.newCachedThreadPool();
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < GOOD_CLIENTS + BAD_CLIENTS; i++) {
                SplittableRandom random = seeds.split();
                running.add(
                        i < GOOD_CLIENTS
                                ? clients.submit(() -> visit(good, MAX_GOOD_PAUSE_MILLIS, random, end))
                                : clients.submit(() -> visit(bad, MAX_BAD_PAUSE_MILLIS, random, end)));
            }
            await(running);
        } finally {
            clients.shutdownNow();
        }
    }

    /**
     * So many batches at once that each thread of the server waits for the body of one, then for a handler, so that its
     * pools, and what containers keep for each thread, are as large as they will ever be.
     */
    void burst(int requests, int millis) throws InterruptedException {
        ExecutorService clients = Executors.newFixedThreadPool(requests);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                SplittableRandom random = seeds.split();
                Visit visit = (at, by, to) -> hold(at, by, to, millis);
                running.add(clients.submit(() -> make(Map.entry("burst", visit), random)));
            }
            await(running);
        } finally {
            clients.shutdownNow();
        }
    }

    private static void hold(InetSocketAddress server, RandomGenerator random, Tally tally, int millis)
            throws IOException {
        Batch batch = new Batch(random, List.of(Item.slow(millis), Item.slow(millis / 2)));
        byte[] body = batch.json();
        int half = body.length / 2;
        try (Wire wire = new Wire(server)) {
            wire.write(Wire.head("POST", GoodVisits.PATH, Batch.JSON + Batch.PARALLEL, body.length)
                    .getBytes(US_ASCII));
            wire.write(body, 0, half);
            pause(millis);
            wire.write(body, half, body.length - half);
            Answer answer = wire.read();
            if (GoodVisits.isEnvelope(answer, tally)) {
                batch.checkJson(answer, tally);
            }
        }
    }

    private void visit(List<Map.Entry<String, Visit>> visits, int maxPause, SplittableRandom random, long end) {
        while (System.nanoTime() - end < 0) {
            make(visits.get(random.nextInt(visits.size())), random);
            pause(random.nextInt(maxPause));
        }
    }

    private void make(Map.Entry<String, Visit> visit, SplittableRandom random) {
        tally.visit(visit.getKey());
        try {
            visit.getValue().make(server, random, tally);
        } catch (IOException | RuntimeException e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            tally.wrong(visit.getKey() + ": " + trace);
        }
    }

    private static void await(List<Future<?>> running) throws InterruptedException {
        for (Future<?> each : running) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("A client has failed", e);
            }
        }
    }

    /** A client's pace. */
    static void pause(long millis) {
        LockSupport.parkNanos(MILLISECONDS.toNanos(millis));
    }
}
