package io.multistatus.format.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multistatus.format.Dialect;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/** A body may be longer in its own charset than it is in the batch, whose bytes are all that has been counted. */
class BodyGrowthTest {
    private static final String TEXT = "x".repeat(1000);

    private static Batch read(String charset, LongPredicate room) throws BatchException, IOException {
        String batch = """
                {"requests":[{"id":1,"method":"PUT","url":"/","headers":{"Content-Type":"text/plain;charset=%s"},"body":"%s"}]}
                """.formatted(charset, TEXT);
        return new JsonBatchFormat()
                .read(
                        Dialect.NATIVE,
                        "application/json",
                        new ByteArrayInputStream(batch.getBytes(StandardCharsets.UTF_8)),
                        new BatchBuilder(1, room));
    }

    @Test
    void whatABodyGrowsByIsReserved() throws Exception {
        List<Long> reserved = new ArrayList<>();
        Batch batch = read("utf-32be", reserved::add);
        assertThat(BatchReading.bytes(batch.items().get(0)).remaining()).isEqualTo(4 * TEXT.length());
        long sum = sum(reserved);
        reserved.clear();
        read("utf-8", reserved::add);
        assertThat(sum - sum(reserved)).isEqualTo(4L * TEXT.length() - (TEXT.length() + 2));
    }

    private static long sum(List<Long> reserved) {
        return reserved.stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void withoutRoomForItTheBatchIsRefused() {
        BatchException refusal = catchThrowableOfType(BatchException.class, () -> read("utf-16", bytes -> false));
        assertThat(refusal.problem().status()).isEqualTo(503);
        assertThat(refusal.problem().detail()).contains("maxBufferedBytes");
    }
}
