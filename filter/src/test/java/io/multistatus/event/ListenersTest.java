package io.multistatus.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ListenersTest {
    private static final List<String> ALL_EVENTS =
            List.of("batchBegun", "batchRefused", "itemBegun", "itemTimedOut", "itemFailed", "itemEnded", "batchEnded");

    private final List<String> told = new ArrayList<>();

    @Test
    void allAreToldOfEveryEventInTheirOrder() {
        tellAll(new Listeners(List.of(recorder("first"), recorder("second"))));
        assertThat(told)
                .containsExactlyElementsOf(ALL_EVENTS.stream()
                        .flatMap(event -> Stream.of("first " + event, "second " + event))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("whatListenersThrow")
    void whateverOneThrowsTheOthersAreToldAndNobodyIsHarmed(Throwable thrown) {
        try (CapturedLog log = new CapturedLog()) {
            Listeners listeners = new Listeners(List.of(new Thrower(thrown), recorder("second")));
            assertThatCode(() -> tellAll(listeners)).doesNotThrowAnyException();
            assertThat(log.lines("io.multistatus.event.Listeners")).hasSize(ALL_EVENTS.size());
        }
        assertThat(told).hasSize(ALL_EVENTS.size());
    }

    /** The last one cannot be thrown by a listener in Java without a trick, but by one in Kotlin it can. */
    static Stream<Throwable> whatListenersThrow() {
        return Stream.of(
                new IllegalStateException("planned"),
                new AssertionError("planned"),
                new NoClassDefFoundError("planned"),
                new StackOverflowError("planned"),
                new Error("planned"),
                new IOException("planned"));
    }

    @Test
    void noListenersAreFine() {
        assertThatCode(() -> tellAll(new Listeners(List.of()))).doesNotThrowAnyException();
    }

    @Test
    void aListenerThatOverridesNothingDoesNothing() {
        assertThatCode(() -> tellAll(new BatchListener() {})).doesNotThrowAnyException();
    }

    private static void tellAll(BatchListener listener) {
        ItemEvent item = Events.item("a", "GET", "/x");
        Subresponse response = Subresponse.of(200, Headers.empty(), ByteBuffer.allocate(0));
        listener.batchBegun(Events.BATCH);
        listener.batchRefused(Problem.malformedBatch("planned"));
        listener.itemBegun(item);
        listener.itemTimedOut(item, Duration.ofSeconds(1));
        listener.itemFailed(item, response);
        listener.itemEnded(item, response, Duration.ZERO);
        listener.batchEnded(Events.BATCH, new Summary(1, 0, List.of(), OptionalLong.empty()), Duration.ZERO);
    }

    private BatchListener recorder(String name) {
        return (BatchListener) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BatchListener.class}, (proxy, method, arguments) -> {
                    told.add(name + " " + method.getName());
                    return null;
                });
    }

    /** Throws from every method what no Java listener could throw without a trick. */
    private record Thrower(Throwable thrown) implements BatchListener {

        @Override
        public void batchBegun(BatchEvent batch) {
            sneak();
        }

        @Override
        public void batchRefused(Problem problem) {
            sneak();
        }

        @Override
        public void itemBegun(ItemEvent item) {
            sneak();
        }

        @Override
        public void itemTimedOut(ItemEvent item, Duration limit) {
            sneak();
        }

        @Override
        public void itemFailed(ItemEvent item, Subresponse response) {
            sneak();
        }

        @Override
        public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
            sneak();
        }

        @Override
        public void batchEnded(BatchEvent batch, Summary summary, Duration duration) {
            sneak();
        }

        private void sneak() {
            ListenersTest.<RuntimeException>sneak(thrown);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
