package io.multistatus.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.multistatus.support.BatchEvents;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenersTest {
    private static final List<String> ALL_EVENTS = List.of(
            "filterStarted",
            "jobQueued",
            "jobDropped",
            "batchBegun",
            "batchRefused",
            "itemBegun",
            "itemTimedOut",
            "itemPostponed",
            "itemFailed",
            "itemEnded",
            "batchEnded",
            "filterStopped");

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
            Listeners listeners = new Listeners(List.of(thrower(thrown), recorder("second")));
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

    @Test
    void theFirstAnswerCountsAndNobodyIsAskedAfterIt() {
        Subresponse limited = Subresponse.of(Problem.of(429, "too-many", "Too many"), Headers.of("Retry-After", "3"));
        List<String> asked = new ArrayList<>();
        Listeners listeners = new Listeners(List.of(
                decider("first", asked, Optional.empty()),
                decider("second", asked, Optional.of(limited)),
                decider("third", asked, Optional.empty())));
        assertThat(listeners.beforeItem(Events.item("a", "GET", "/x"))).contains(limited);
        assertThat(asked).containsExactly("first", "second");
    }

    private static BatchListener decider(String name, List<String> asked, Optional<Subresponse> answer) {
        return new BatchListener() {
            @Override
            public Optional<Subresponse> beforeItem(ItemEvent item) {
                asked.add(name);
                return answer;
            }
        };
    }

    @ParameterizedTest
    @MethodSource("whatListenersThrow")
    void whoFailsToDecideLetsNothingPass(Throwable thrown) {
        try (CapturedLog log = new CapturedLog()) {
            Optional<Subresponse> answer =
                    new Listeners(List.of(thrower(thrown))).beforeItem(Events.item("a", "GET", "/x"));
            assertThat(answer.orElseThrow().status()).isEqualTo(500);
            assertThat(log.lines("io.multistatus.event.Listeners")).hasSize(1);
        }
    }

    @Test
    void ofFieldsWithTheSameNameTheLaterOnesCount() {
        Listeners listeners = new Listeners(
                List.of(fielder("traceparent", "1", "x-a", "2"), fielder("Traceparent", "3"), fielder("x-b", "4")));
        Headers fields = listeners.itemFields(Events.item("a", "GET", "/x"));
        List<String> all = new ArrayList<>();
        fields.forEach((name, value) -> all.add(name + ":" + value));
        assertThat(all).containsExactly("x-a:2", "Traceparent:3", "x-b:4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\r\nb", "Host", "content-length", "Transfer-Encoding", "Connection"})
    void anItemDoesNotRunWithoutAFieldThatCannotBe(String name) {
        assertThatCannotBe(new Listeners(List.of(fielder("x-b", "4"), fielder(name, "1"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\r\nx-c: 2", "J\u00fcrgen\u4e00"})
    void anItemDoesNotRunWithoutAValueThatCannotBe(String value) {
        assertThatCannotBe(new Listeners(List.of(fielder("x-a", value))));
    }

    @ParameterizedTest
    @MethodSource("whatListenersThrow")
    void anItemDoesNotRunWithoutTheFieldsOfAListenerThatFails(Throwable thrown) {
        assertThatCannotBe(new Listeners(List.of(thrower(thrown))));
    }

    private static void assertThatCannotBe(Listeners listeners) {
        assertThatThrownBy(() -> listeners.itemFields(Events.item("a", "GET", "/x")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("failed to give an item its fields");
    }

    private static BatchListener fielder(String... fields) {
        return new BatchListener() {
            @Override
            public Headers itemFields(ItemEvent item) {
                return Headers.of(fields);
            }
        };
    }

    @Test
    void scopesAreClosedInTheOppositeOrderWhateverOneOfThemThrows() {
        List<String> closed = new ArrayList<>();
        try (CapturedLog log = new CapturedLog()) {
            Listeners listeners = new Listeners(List.of(
                    scoped(() -> closed.add("first")),
                    thrower(new IllegalStateException("planned")),
                    scoped(() -> {
                        throw new IllegalStateException("planned");
                    }),
                    scoped(() -> closed.add("last"))));
            listeners.enterItem(Events.item("a", "GET", "/x")).close();
            assertThat(log.lines("io.multistatus.event.Listeners")).hasSize(2);
        }
        assertThat(closed).containsExactly("last", "first");
    }

    private static BatchListener scoped(ItemScope scope) {
        return new BatchListener() {
            @Override
            public ItemScope enterItem(ItemEvent item) {
                return scope;
            }
        };
    }

    private static void tellAll(BatchListener listener) {
        ItemEvent item = Events.item("a", "GET", "/x");
        Subresponse response = Subresponse.of(200, Headers.empty(), ByteBuffer.allocate(0));
        listener.filterStarted(Events.STATE);
        listener.jobQueued(Events.BATCH);
        listener.jobDropped(Events.BATCH, Problem.malformedBatch("planned"));
        listener.batchBegun(Events.BATCH);
        listener.batchRefused(new RefusedBatchEvent("/batch", BatchEvents.NOBODY, Problem.malformedBatch("planned")));
        listener.itemBegun(item);
        listener.itemTimedOut(item, Duration.ofSeconds(1));
        listener.itemPostponed(item, response, Duration.ofSeconds(1));
        listener.itemFailed(item, response);
        listener.itemEnded(item, response, Duration.ZERO);
        listener.batchEnded(Events.BATCH, new Summary(1, 0, List.of(), OptionalLong.empty()), Duration.ZERO);
        listener.filterStopped(Events.STATE);
    }

    private BatchListener recorder(String name) {
        return (BatchListener) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BatchListener.class}, (proxy, method, arguments) -> {
                    told.add(name + " " + method.getName());
                    return null;
                });
    }

    /** Throws from every method what no Java listener could throw without a trick. */
    private static BatchListener thrower(Throwable thrown) {
        return (BatchListener) Proxy.newProxyInstance(
                ListenersTest.class.getClassLoader(),
                new Class<?>[] {BatchListener.class},
                (proxy, method, arguments) -> {
                    ListenersTest.<RuntimeException>throwAsUnchecked(thrown);
                    return null;
                });
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwAsUnchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
