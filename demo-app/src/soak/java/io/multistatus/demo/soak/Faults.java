package io.multistatus.demo.soak;

import static io.multistatus.demo.soak.Batch.JSON;
import static io.multistatus.demo.soak.Batch.LINES;
import static io.multistatus.demo.soak.Batch.MULTIPART;
import static io.multistatus.demo.soak.Batch.PARALLEL;
import static io.multistatus.demo.soak.GoodVisits.PATH;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What goes wrong between clients and servers, and what some do on purpose. */
final class Faults {
    private static final int TOO_MANY = 1001;
    private static final long TOO_LONG = 11L << 20;
    private static final int CHUNK = 64 * 1024;
    private static final int MAX_RANDOM = 4000;

    private Faults() {}

    /** By their names; {@code hangMillis} is how long handlers hang, more than an item may take. */
    static List<Map.Entry<String, Visit>> all(int hangMillis) {
        return List.of(
                Map.entry("request cut off", Faults::cutRequest),
                Map.entry("answer not awaited", Faults::notAwaited),
                Map.entry("answer cut off", Faults::cutAnswer),
                Map.entry("hanging handlers", (server, random, tally) -> hang(server, random, tally, hangMillis)),
                Map.entry("too long, as it says", Faults::tooLong),
                Map.entry("too long, in chunks", Faults::tooLongInChunks),
                Map.entry("too many items", Faults::tooMany),
                Map.entry("random body", Faults::randomBody),
                Map.entry("random bytes", Faults::randomBytes),
                Map.entry("broken JSON", Faults::brokenJson),
                Map.entry("broken multipart", Faults::brokenMultipart),
                Map.entry("silence", Faults::silence));
    }

    private static void cutRequest(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        byte[] body = Batch.quick(random).json();
        try (Wire wire = new Wire(server)) {
            wire.write(Wire.head("POST", PATH, JSON, body.length).getBytes(US_ASCII));
            wire.write(body, 0, random.nextInt(body.length));
            Load.pause(random.nextInt(50));
            leave(wire, random);
        }
    }

    private static void notAwaited(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        byte[] body = slowBatch(random).json();
        try (Wire wire = new Wire(server)) {
            wire.write(Wire.head("POST", PATH, JSON + (random.nextBoolean() ? LINES : ""), body.length)
                    .getBytes(US_ASCII));
            wire.write(body);
            Load.pause(random.nextInt(200));
            leave(wire, random);
        }
    }

    private static void cutAnswer(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        byte[] body = slowBatch(random).json();
        try (Wire wire = new Wire(server)) {
            wire.write(Wire.head("POST", PATH, JSON + LINES + PARALLEL, body.length)
                    .getBytes(US_ASCII));
            wire.write(body);
            wire.readSome(1 + random.nextInt(2000));
            leave(wire, random);
        }
    }

    /** Long answers and slow ones. */
    private static Batch slowBatch(RandomGenerator random) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            items.add(i % 2 == 0 ? Item.list(0) : Item.slow(50 + random.nextInt(200)));
        }
        return new Batch(random, items);
    }

    private static void leave(Wire wire, RandomGenerator random) throws IOException {
        if (random.nextBoolean()) {
            wire.reset();
        }
    }

    private static void hang(InetSocketAddress server, RandomGenerator random, Tally tally, int hangMillis)
            throws IOException {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            items.add(i % 3 == 1 ? Item.hanging(hangMillis) : Item.list(i));
        }
        Batch batch = new Batch(random, items);
        try (Wire wire = new Wire(server)) {
            Answer answer = wire.exchange("POST", PATH, JSON + (random.nextBoolean() ? PARALLEL : ""), batch.json());
            if (GoodVisits.isEnvelope(answer, tally)) {
                batch.checkJson(answer, tally);
            }
        }
    }

    private static void tooLong(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.write(Wire.head("POST", PATH, JSON, TOO_LONG).getBytes(US_ASCII));
            refused(wire.read(), 413, tally);
        }
    }

    private static void tooLongInChunks(InetSocketAddress server, RandomGenerator random, Tally tally)
            throws IOException {
        byte[] chunk = new byte[CHUNK];
        Arrays.fill(chunk, (byte) ' ');
        try (Wire wire = new Wire(server)) {
            wire.write(Wire.head("POST", PATH, JSON + "Transfer-Encoding: chunked\r\n", -1)
                    .getBytes(US_ASCII));
            try {
                for (long sent = 0; sent < TOO_LONG; sent += CHUNK) {
                    wire.write("%x\r\n".formatted(CHUNK).getBytes(US_ASCII));
                    wire.write(chunk);
                    wire.write("\r\n".getBytes(US_ASCII));
                }
                wire.write("0\r\n\r\n".getBytes(US_ASCII));
            } catch (IOException e) {
                return; // The server has had enough and hangs up, which may overtake its answer.
            }
            refused(wire.read(), 413, tally);
        }
    }

    private static void tooMany(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < TOO_MANY; i++) {
            items.add(Item.slow(0));
        }
        refused(server, JSON, new Batch(random, items).json(), 413, tally);
    }

    private static void randomBody(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        byte[] body = new byte[1 + random.nextInt(MAX_RANDOM)];
        random.nextBytes(body);
        refused(server, random.nextBoolean() ? JSON : MULTIPART, body, 400, tally);
    }

    /** Whatever the container says to this, it must come to an end. */
    private static void randomBytes(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        byte[] bytes = new byte[1 + random.nextInt(MAX_RANDOM)];
        random.nextBytes(bytes);
        try (Wire wire = new Wire(server)) {
            try {
                wire.write(bytes);
                wire.endOutput();
            } catch (IOException e) {
                return; // The server has seen enough.
            }
            wire.readSome(Integer.MAX_VALUE);
        }
    }

    private static void brokenJson(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        byte[] body = Batch.quick(random).json();
        refused(server, JSON, Arrays.copyOf(body, random.nextInt(body.length - 1)), 400, tally);
    }

    private static void brokenMultipart(InetSocketAddress server, RandomGenerator random, Tally tally)
            throws IOException {
        byte[] body = Batch.quick(random).multipart();
        int end = "--b--\r\n".length();
        refused(server, MULTIPART, Arrays.copyOf(body, random.nextInt(body.length - end)), 400, tally);
    }

    /** Connects and says nothing, or the beginning of a request line. */
    private static void silence(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.write("POST /batch HTTP/1.1\r\nHos".getBytes(US_ASCII), 0, random.nextInt(25));
            Load.pause(500);
        }
    }

    private static void refused(InetSocketAddress server, String fields, byte[] body, int status, Tally tally)
            throws IOException {
        try (Wire wire = new Wire(server)) {
            refused(wire.exchange("POST", PATH, fields, body), status, tally);
        }
    }

    private static void refused(Answer answer, int status, Tally tally) {
        tally.request(answer.status());
        boolean busy = answer.status() == 503;
        boolean right = answer.status() == status && answer.text().contains("urn:multistatus:");
        if (busy) {
            tally.busy();
        } else if (!right) {
            tally.wrong(status + " and a problem", answer);
        }
    }
}
