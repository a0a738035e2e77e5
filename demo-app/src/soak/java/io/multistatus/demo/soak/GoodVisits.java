package io.multistatus.demo.soak;

import static io.multistatus.demo.soak.Batch.JSON;
import static io.multistatus.demo.soak.Batch.LINES;
import static io.multistatus.demo.soak.Batch.MULTIPART;
import static io.multistatus.demo.soak.Batch.PARALLEL;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** What clients do that mean well, slow ones too. What they write they take back, so that the shop does not grow. */
final class GoodVisits {
    static final String PATH = "/batch";

    private static final int ROUNDS_OF_A_CONNECTION = 5;
    private static final int KEYS = 300;
    private static final int PIECES = 12;
    private static final int SMALL_BUFFER = 2048;
    private static final int MAX_POLLS = 300;

    private GoodVisits() {}

    /** By their names; those that are to happen more often are there more often. */
    static List<Map.Entry<String, Visit>> all() {
        return List.of(
                Map.entry("json", GoodVisits::json),
                Map.entry("json", GoodVisits::json),
                Map.entry("streamed", GoodVisits::streamed),
                Map.entry("streamed", GoodVisits::streamed),
                Map.entry("multipart", GoodVisits::multipart),
                Map.entry("keyed retry", GoodVisits::keyedRetry),
                Map.entry("group", GoodVisits::group),
                Map.entry("job", GoodVisits::job),
                Map.entry("slow writer", GoodVisits::slowWriter),
                Map.entry("slow reader", GoodVisits::slowReader));
    }

    private static void json(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        try (Wire wire = new Wire(server)) {
            for (int i = 0; i < ROUNDS_OF_A_CONNECTION; i++) {
                Batch batch = Batch.quick(random);
                Answer answer =
                        wire.exchange("POST", PATH, JSON + (random.nextBoolean() ? PARALLEL : ""), batch.json());
                if (isEnvelope(answer, tally)) {
                    batch.checkJson(answer, tally);
                }
            }
        }
    }

    private static void streamed(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        Batch batch = Batch.quick(random);
        try (Wire wire = new Wire(server)) {
            String fields = JSON + LINES + (random.nextBoolean() ? PARALLEL : "");
            Answer answer = wire.exchange("POST", PATH, fields, batch.json());
            if (isEnvelope(answer, tally)) {
                batch.checkLines(answer, tally);
            }
        }
    }

    private static void multipart(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        Batch batch = Batch.quick(random);
        try (Wire wire = new Wire(server)) {
            Answer answer = wire.exchange("POST", PATH, MULTIPART, batch.multipart());
            if (isEnvelope(answer, tally)) {
                batch.checkMultipart(answer, tally);
            }
        }
    }

    /** Posts a batch twice, as after a lost answer; the keys come from a stock, or what is kept for them would grow. */
    private static void keyedRetry(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        int key = random.nextInt(KEYS);
        byte[] rows = rows("keyed-" + key, "", 1, 2, 3);
        String fields = JSON + "Idempotency-Key: \"soak-" + key + "\"\r\n";
        try (Wire wire = new Wire(server)) {
            Answer first = wire.exchange("POST", PATH, fields, rows);
            if (!isEnvelope(first, tally) || !statuses(first, tally).stream().allMatch(status -> status == 201)) {
                return; // Somebody else is at work with the key, or the server has other things to do: 409, 503.
            }
            Answer second = wire.exchange("POST", PATH, fields, rows);
            if (!isEnvelope(second, tally)) {
                return;
            }
            JsonNode before = first.json().path("responses");
            JsonNode after = second.json().path("responses");
            for (int i = 0; i < before.size(); i++) {
                if (!isSameAgain(before.path(i), after.path(i))) {
                    tally.wrong("what " + before + " was, again", second);
                }
            }
        }
    }

    private static boolean isSameAgain(JsonNode before, JsonNode after) {
        JsonNode body = after.path("body");
        return Item.isLate(after.path("status").asInt(), body)
                || (body.equals(before.path("body"))
                        && after.at("/headers/Idempotency-Replayed").asText().equals("true"));
    }

    /** A group that takes effect, another one that does not, and what is there then. */
    private static void group(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        String name = "group-" + Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX);
        try (Wire wire = new Wire(server)) {
            Answer good = wire.exchange("POST", PATH, JSON, grouped(name, 3));
            boolean kept = false;
            if (isEnvelope(good, tally)) {
                kept = all(statuses(good, tally), 201);
            }
            Answer bad = wire.exchange("POST", PATH, JSON, grouped(name, -1));
            if (isEnvelope(bad, tally) && !statuses(bad, tally).contains(422)) {
                allLate(bad, tally);
            }
            Answer count = wire.get("/api/imports/" + name);
            tally.request(count.status());
            int rows = count.json().path("rows").asInt(-1);
            if (rows != (kept ? 3 : 0)) {
                tally.wrong("3 rows or none, as " + good.text() + " says", count);
            }
            tally.request(wire.exchange("DELETE", "/api/imports/" + name, "", new byte[0])
                    .status());
        }
    }

    /** All of it or nothing: 201 for each, or a failure and 424 for the others. */
    private static boolean all(List<Integer> statuses, int status) {
        return statuses.stream().allMatch(each -> each == status);
    }

    private static void allLate(Answer answer, Tally tally) throws IOException {
        for (JsonNode each : answer.json().path("responses")) {
            int status = each.path("status").asInt();
            if (status != 424 && status != 503 && status != 504) {
                tally.wrong("a group without effect", answer);
            }
        }
    }

    private static void job(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        Batch batch = Batch.quick(random);
        try (Wire wire = new Wire(server)) {
            Answer accepted = wire.exchange("POST", PATH, JSON + "Prefer: respond-async\r\n", batch.json());
            tally.request(accepted.status());
            if (accepted.status() == 503) {
                tally.busy();
                return;
            }
            String job = accepted.header("Location");
            if (accepted.status() != 202 || job.isEmpty()) {
                tally.wrong("a job", accepted);
                return;
            }
            Answer answer = wire.get(job);
            for (int polls = 0; answer.status() == 202 && polls < MAX_POLLS; polls++) {
                Load.pause(100);
                answer = wire.get(job);
            }
            tally.request(answer.status());
            if (answer.status() != 207) {
                tally.wrong("the result of a job", answer);
                return;
            }
            batch.checkJson(answer, tally);
            Answer forgotten = wire.exchange("DELETE", job, "", new byte[0]);
            tally.request(forgotten.status());
            if (forgotten.status() != 204) {
                tally.wrong("a job forgotten", forgotten);
            }
        }
    }

    private static void slowWriter(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        Batch batch = Batch.quick(random);
        byte[] body = batch.json();
        try (Wire wire = new Wire(server)) {
            wire.write(Wire.head("POST", PATH, JSON, body.length).getBytes(UTF_8));
            for (int i = 0; i < PIECES; i++) {
                int from = body.length * i / PIECES;
                wire.write(body, from, body.length * (i + 1) / PIECES - from);
                Load.pause(random.nextInt(100));
            }
            Answer answer = wire.read();
            if (isEnvelope(answer, tally)) {
                batch.checkJson(answer, tally);
            }
        }
    }

    private static void slowReader(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            items.add(Item.list(random.nextInt(50)));
        }
        Batch batch = new Batch(random, items);
        boolean lines = random.nextBoolean();
        try (Wire wire = new Wire(server, SMALL_BUFFER)) {
            Answer answer = wire.exchange("POST", PATH, JSON + (lines ? LINES : ""), batch.json());
            if (isEnvelope(answer, tally)) {
                if (lines) {
                    batch.checkLines(answer, tally);
                } else {
                    batch.checkJson(answer, tally);
                }
            }
        }
    }

    /** Counts the answer; false for a batch that was refused because the server had enough to do. */
    static boolean isEnvelope(Answer answer, Tally tally) {
        tally.request(answer.status());
        if (answer.status() == 503 && answer.text().contains("urn:multistatus:")) {
            tally.busy();
            return false;
        }
        if (answer.status() != 207) {
            tally.wrong("an envelope", answer);
            return false;
        }
        return true;
    }

    private static List<Integer> statuses(Answer answer, Tally tally) throws IOException {
        List<Integer> statuses = new ArrayList<>();
        for (JsonNode each : answer.json().path("responses")) {
            int status = each.path("status").asInt();
            statuses.add(status);
            tally.item(status, false);
        }
        return statuses;
    }

    /** Rows of an import, as items with more members. */
    private static byte[] rows(String name, String members, int... numbers) {
        List<String> items = IntStream.range(0, numbers.length)
                .mapToObj(i -> """
                        {"id": "r%1$d", "method": "POST", "url": "/api/imports/%2$s/rows"%3$s,
                         "body": {"number": %4$d, "sku": "S-%1$d", "priceCents": 100}}""".formatted(i, name, members, numbers[i]))
                .toList();
        return ("{\"requests\": [" + String.join(",\n", items) + "]}").getBytes(UTF_8);
    }

    /** Three rows that stand or fall together; a last one below 1 cannot be. */
    private static byte[] grouped(String name, int last) {
        return rows(name, ", \"atomicityGroup\": \"g\"", 1, 2, last);
    }
}
