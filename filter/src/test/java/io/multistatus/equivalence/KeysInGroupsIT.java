package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.BatchConfig;
import io.multistatus.support.Envelopes;
import io.multistatus.transaction.BatchTransaction;
import jakarta.servlet.AsyncContext;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Items with keys in groups that are all or nothing. Not where handlers run on other threads than the one that dispatches
 * (Undertow with an executor for the deployment): there groups are refused.
 */
@Tag("container")
@Tag("atomicity")
class KeysInGroupsIT extends KeyedRequestsContract {
    /** What is done is nobody's business here. */
    private static final class NoTransaction implements BatchTransaction.Running {
        @Override
        public void commit() {}

        @Override
        public void rollback() {}

        @Override
        public void abandon() {}
    }

    @Test
    void whatWasRolledBackWithItsGroupRunsAgain() throws Exception {
        serveCarts();
        handlers.put("flaky", (request, response) -> response.setStatus(ran.incrementAndGet() < 3 ? 404 : 200));
        start(BatchConfig.builder().transaction(limit -> new NoTransaction()));
        String batch = Envelopes.batch(item("a", "carts"), item("b", "flaky"))
                .replace("\"method\"", "\"atomicityGroup\":\"g\",\"method\"");
        assertThat(Envelopes.statuses(batch(batch, KEY, "K"))).containsExactly(424, 404);
        HttpResponse<String> second = batch(batch, KEY, "K");
        assertThat(Envelopes.statuses(second)).containsExactly(201, 200);
        assertThat(field(second, "a", REPLAYED).isMissingNode()).isTrue();
        assertThat(ran).hasValue(4);
        HttpResponse<String> third = batch(batch, KEY, "K");
        assertThat(Envelopes.statuses(third)).containsExactly(201, 200);
        assertThat(field(third, "b", REPLAYED).asText()).isEqualTo("true");
        assertThat(ran).hasValue(4);
    }

    @Test
    void whatWentAsyncInAGroupIsNotKept() throws Exception {
        serveCarts();
        handlers.put("async", (request, response) -> {
            if (ran.incrementAndGet() == 1) {
                AsyncContext async = request.startAsync();
                async.start(async::complete);
            }
        });
        start(BatchConfig.builder().transaction(limit -> new NoTransaction()));
        String batch = Envelopes.batch(item("a", "async"), item("b", "carts"))
                .replace("\"method\"", "\"atomicityGroup\":\"g\",\"method\"");
        assertThat(Envelopes.statuses(batch(batch, KEY, "K")).get(0)).isGreaterThanOrEqualTo(500);
        await().until(() -> Envelopes.statuses(batch(batch, KEY, "K")).equals(List.of(200, 201)));
        assertThat(ran).hasValue(3);
    }
}
