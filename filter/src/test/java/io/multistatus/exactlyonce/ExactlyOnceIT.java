package io.multistatus.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two processes of an app on one PostgreSQL, and a client that posts its batch again with the same key until all of it has
 * succeeded: whatever has been killed, broken or stopped meanwhile, each line is there once. The properties
 * {@code exactlyonce.seed}, {@code exactlyonce.rounds} and {@code exactlyonce.transactional} say otherwise than usual.
 */
class ExactlyOnceIT {
    private static final long SEED = Long.getLong("exactlyonce.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("exactlyonce.rounds", 50);
    private static final boolean TRANSACTIONAL =
            Boolean.parseBoolean(System.getProperty("exactlyonce.transactional", "true"));

    private static Database database;
    private static Cluster cluster;
    private static ExecutorService threads;

    private final Client client = new Client(cluster);
    private final List<String> wrong = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        System.out.println("-Dexactlyonce.seed=" + SEED + " -Dexactlyonce.rounds=" + ROUNDS);
        database = new Database();
        cluster = new Cluster(database.url(), TRANSACTIONAL);
        threads = Executors.newCachedThreadPool();
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (threads != null) {
                threads.shutdownNow();
            }
            if (cluster != null) {
                cluster.stop();
            }
        } finally {
            if (database != null) {
                database.close();
            }
        }
    }

    /** What is done to a batch while it runs. */
    private interface Disturbance {
        void in(SeededBatch batch, int place, Random random) throws Exception;
    }

    private void rounds(String name, int rounds, Disturbance disturbance) throws Exception {
        Random random = new Random(SEED + name.hashCode());
        for (int round = 0; round < rounds; round++) {
            SeededBatch batch = SeededBatch.draw(name + round, random);
            for (int place = 0; place < Cluster.SIZE; place++) {
                cluster.fill(place);
            }
            disturbance.in(batch, random.nextInt(Cluster.SIZE), random);
            List<String> lines = database.lines(name + round);
            if (!lines.equals(batch.lines())) {
                wrong.add(batch.key() + ": " + lines + " instead of " + batch.lines());
            }
        }
        assertThat(wrong).as("%d rounds, -Dexactlyonce.seed=%d", rounds, SEED).isEmpty();
    }

    private Future<List<String>> postLater(SeededBatch batch, int place) {
        return threads.submit(() -> client.postUntilDone(batch, place));
    }

    /** A moment from the beginning of a batch to shortly after its end. */
    private static int moment(SeededBatch batch, Random random) {
        return random.nextInt(batch.durationMillis() + batch.durationMillis() / 4 + 10);
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void processesThatAreKilled() throws Exception {
        rounds("killed", ROUNDS, (batch, place, random) -> {
            Future<List<String>> post = postLater(batch, place);
            Thread.sleep(moment(batch, random));
            cluster.kill(place);
            if (random.nextInt(4) == 0) {
                // The other one too, while it does the rest.
                Thread.sleep(ShopNode.LEASE.toMillis() + moment(batch, random));
                cluster.kill((place + 1) % Cluster.SIZE);
            }
            cluster.fill(place);
            post.get();
        });
    }

    @Test
    void connectionsOfClientsThatBreak() throws Exception {
        rounds("left", ROUNDS / 5, (batch, place, random) -> {
            client.postAndLeave(batch, place, moment(batch, random));
            client.postUntilDone(batch, random.nextInt(Cluster.SIZE));
        });
    }

    @Test
    void batchesThatArePostedTwiceAtTheSameInstant() throws Exception {
        rounds("twice", ROUNDS / 5, (batch, place, random) -> {
            CyclicBarrier together = new CyclicBarrier(Cluster.SIZE);
            List<Callable<List<String>>> posts = new ArrayList<>();
            for (int each = 0; each < Cluster.SIZE; each++) {
                int to = each;
                posts.add(() -> {
                    together.await();
                    return client.postUntilDone(batch, to);
                });
            }
            List<Future<List<String>>> all = threads.invokeAll(posts);
            assertThat(all.get(0).get()).isEqualTo(all.get(1).get());
        });
    }

    @Test
    void connectionsToTheDatabaseThatBreak() throws Exception {
        rounds("broken", ROUNDS / 5, (batch, place, random) -> {
            Future<List<String>> post = postLater(batch, place);
            Thread.sleep(moment(batch, random));
            database.breakConnections();
            post.get();
        });
    }

    @Test
    void aDatabaseThatIsStoppedAndStarted() throws Exception {
        rounds("stopped", ROUNDS / 10, (batch, place, random) -> {
            Future<List<String>> post = postLater(batch, place);
            Thread.sleep(moment(batch, random));
            database.stop();
            assertThat(client.postOne(batch.key() + "-meanwhile", place)).isEqualTo(503);
            database.start();
            post.get();
        });
    }
}
