package io.multistatus.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.StubRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DispatchersTest {
    private static final HttpServletRequest ONE = StubRequest.with().build();
    private static final HttpServletRequest OTHER = StubRequest.with().build();
    private static final Dispatcher FOUND = (Dispatcher) Proxy.newProxyInstance(
            Dispatcher.class.getClassLoader(), new Class<?>[] {Dispatcher.class}, (proxy, method, values) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    private final AtomicInteger asked = new AtomicInteger();

    private Optional<Dispatcher> find(Dispatchers dispatchers, HttpServletRequest request) throws Exception {
        return dispatchers.find(request, Runnable::run);
    }

    @Test
    void aProviderWhoseContainerIsNotThereIsAskedOnce() throws Exception {
        Dispatchers dispatchers = Dispatchers.of(
                (outer, executor) -> {
                    asked.incrementAndGet();
                    throw new NoClassDefFoundError("container/Request");
                },
                (outer, executor) -> Optional.of(FOUND));

        assertThat(find(dispatchers, ONE)).containsSame(FOUND);
        assertThat(find(dispatchers, OTHER)).containsSame(FOUND);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aProviderThatCannotServeOneRequestIsAskedForTheNext() throws Exception {
        Dispatchers dispatchers = Dispatchers.of((outer, executor) -> {
            if (outer == ONE) {
                throw new NoSuchMethodError("One.getRequest()");
            }
            return Optional.of(FOUND);
        });

        assertThat(find(dispatchers, ONE)).isEmpty();
        assertThat(find(dispatchers, OTHER)).containsSame(FOUND);
    }

    @Test
    void aProviderThatDoesNotKnowARequestIsAskedForTheNext() throws Exception {
        Dispatchers dispatchers =
                Dispatchers.of((outer, executor) -> outer == ONE ? Optional.empty() : Optional.of(FOUND));

        assertThat(find(dispatchers, ONE)).isEmpty();
        assertThat(find(dispatchers, OTHER)).containsSame(FOUND);
    }

    @Test
    void whoAsksAtTheSameTimeFindsTheOthers() throws Exception {
        int threads = 8;
        CountDownLatch allInside = new CountDownLatch(threads);
        Dispatchers dispatchers = Dispatchers.of(
                (outer, executor) -> {
                    asked.incrementAndGet();
                    allInside.countDown();
                    try {
                        allInside.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    throw new NoClassDefFoundError("container/Request");
                },
                (outer, executor) -> Optional.of(FOUND));
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Optional<Dispatcher>>> answers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                answers.add(pool.submit(() -> find(dispatchers, ONE)));
            }
            for (Future<Optional<Dispatcher>> answer : answers) {
                assertThat(answer.get()).containsSame(FOUND);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(find(dispatchers, ONE)).containsSame(FOUND);
        assertThat(asked).hasValue(threads);
    }
}
