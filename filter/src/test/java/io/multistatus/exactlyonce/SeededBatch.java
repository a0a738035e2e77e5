package io.multistatus.exactlyonce;

import io.multistatus.support.Envelopes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A batch with items that stand for themselves and items in groups.
 *
 * @param key its {@code Idempotency-Key}
 * @param json the batch
 * @param parallel whether items may run side by side
 * @param lines what must be in the table in the end, each once: item and step
 * @param durationMillis about how long it takes
 */
record SeededBatch(String key, String json, boolean parallel, List<String> lines, int durationMillis) {
    private static final int[] PAUSES_MILLIS = {0, 3, 10, 20};

    /** Drawn by lot. */
    static SeededBatch draw(String name, Random random) {
        List<String> items = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        int durationMillis = 0;
        int blocks = 3 + random.nextInt(3);
        for (int block = 0; block < blocks; block++) {
            boolean group = block == 1 || random.nextInt(3) == 0;
            int members = group ? 2 + random.nextInt(2) : 1;
            for (int member = 0; member < members; member++) {
                String id = name + "-" + block + "-" + member;
                int steps = 1 + random.nextInt(4);
                int pauseMillis = PAUSES_MILLIS[random.nextInt(PAUSES_MILLIS.length)];
                items.add("{\"id\":\"%s\",\"method\":\"POST\",\"url\":\"/lines/%s?steps=%d&pause=%d&own=%s\"%s}"
                        .formatted(
                                id,
                                id,
                                steps,
                                pauseMillis,
                                random.nextBoolean(),
                                group ? ",\"atomicityGroup\":\"g" + block + "\"" : ""));
                for (int step = 0; step < steps; step++) {
                    lines.add(id + " " + step);
                }
                durationMillis += (steps + 1) * (pauseMillis + 2);
            }
        }
        lines.sort(null);
        return new SeededBatch(
                "key-of-" + name,
                Envelopes.batch(items.toArray(String[]::new)),
                random.nextInt(3) == 0,
                lines,
                durationMillis);
    }
}
