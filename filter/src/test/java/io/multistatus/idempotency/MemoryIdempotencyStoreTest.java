package io.multistatus.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.idempotency.IdempotencyStore.Answered;
import io.multistatus.model.Headers;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MemoryIdempotencyStoreTest {
    private static final ScopedKey KEY = new ScopedKey("u:somebody", "k");

    @Test
    void anAnswerForWhichThereIsNoRoomIsKeptWithoutItsBody() throws Exception {
        MemoryIdempotencyStore store = new MemoryIdempotencyStore(Duration.ofDays(1), 10, 10_000);
        Fingerprint request = new Fingerprint("head", Fingerprint.Kind.WHOLE, 3, "body");
        StoredAnswer large =
                new StoredAnswer(StoredAnswer.Kind.WRITTEN, 201, null, Headers.of("X", "y"), new byte[10_000]);
        store.claim(KEY).claimed().orElseThrow().complete(new Answered(request, large));
        Answered known = Objects.requireNonNull(store.claim(KEY).answered());
        assertThat(known.answer().kind()).isEqualTo(StoredAnswer.Kind.TOO_LONG);
        assertThat(known.answer().status()).isEqualTo(201);
        store.close();
    }
}
