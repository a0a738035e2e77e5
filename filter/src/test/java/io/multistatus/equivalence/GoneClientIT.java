package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multistatus.support.Envelopes;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a streamed batch whose client is not there any more, or whose listeners take their time. */
@Tag("container")
@Tag("equivalence")
class GoneClientIT extends StreamContract {
    /** Whoever would write to the client finds out that it has gone. */
    private static final class BreakingFilter implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
                @Override
                public void flushBuffer() throws IOException {
                    throw new IOException("Broken pipe");
                }
            });
        }
    }

    @Test
    void aClientDoesNotWaitForListeners() throws Exception {
        HandlerHost started = start(MIB, 3);
        observer.heldUp = new CountDownLatch(1);
        String batch = Envelopes.batch(
                "{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/app/nowhere\"}",
                "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/app/bytes\",\"dependsOn\":[\"a\"]}");
        List<String> lines = lines(post(started, NDJSON, batch)).body().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).contains("\"status\":404");
        assertThat(lines.get(1)).contains("\"status\":424");
        assertThat(lines.get(2)).contains("\"failed\":2");
        observer.heldUp.countDown();
        assertThat(observer.ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatHasNotBegunWhenTheClientGoesAwayDoesNotBegin() throws Exception {
        assertThatNothingBeginsOnceTheClientHasGone(start(4 * MIB, 256 * KIB));
    }

    @Test
    void whatHasNotBegunWhenTheClientGoesAwayBehindAWrappedResponseDoesNotBegin() throws Exception {
        assertThatNothingBeginsOnceTheClientHasGone(start(4 * MIB, 256 * KIB, new WrappingFilter()));
    }

    @Test
    void aClientThatHasGoneBeforeTheHeadEndsTheBatchAsWell() throws Exception {
        HandlerHost started = start(MIB, 3, new BreakingFilter());
        assertThat(lines(post(started, NDJSON, batch(-1, 100))).body()).isEmpty();
        assertThat(observer.ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        // Who is slow to listen is not waited for at the end of a batch.
        await().untilAsserted(() -> assertThat(observer.problems)
                .hasSize(100 - handled.get())
                .allMatch(type -> type.endsWith("client-gone")));
    }

    private void assertThatNothingBeginsOnceTheClientHasGone(HandlerHost started) throws Exception {
        try (SlowClient client = new SlowClient(started, batch(-1, 60))) {
            client.skipHead();
            assertThat(client.lines.readLine()).isNotNull();
        }
        assertThat(observer.ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(handled.get()).isLessThan(60);
        await().untilAsserted(() -> assertThat(observer.problems)
                .hasSize(60 - handled.get())
                .allMatch(type -> type.toLowerCase(Locale.ROOT).endsWith("client-gone")));
        // Its room has been given back.
        assertThat(lines(post(started, NDJSON, batch(-1, 6))).body().toList().get(6))
                .contains("\"succeeded\":6");
    }
}
