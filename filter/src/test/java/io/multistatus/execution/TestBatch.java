package io.multistatus.execution;

import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.Subresponse;
import io.multistatus.model.WireRequest;
import io.multistatus.reference.ReferenceResolver;
import io.multistatus.support.BatchEvents;
import io.multistatus.support.StubDispatcher;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.wire.HeaderNamePatterns;
import io.multistatus.wire.HeaderRules;
import io.multistatus.wire.OuterRequest;
import io.multistatus.wire.PathPatterns;
import io.multistatus.wire.RequestAssembler;
import io.multistatus.wire.TargetRules;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A batch, the executor that runs it and a host made of lambdas. */
final class TestBatch implements AutoCloseable {
    private static final Duration LONG = Duration.ofHours(1);

    /** What answers an item; its target is {@code /} and the id. */
    @FunctionalInterface
    interface Host {
        void handle(String id, ResponseSink sink) throws Exception;
    }

    final BufferBudget filterBudget = new BufferBudget(1000);
    final BatchBudget budget = new BatchBudget(filterBudget, 500);
    final List<String> dispatched = new CopyOnWriteArrayList<>();
    final List<String> cancelled = new CopyOnWriteArrayList<>();
    final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();
    final CountDownLatch delivered = new CountDownLatch(1);
    final List<Boolean> deliveries = new CopyOnWriteArrayList<>();
    final BatchExecutor executor = new BatchExecutor(2, false, TestBatch.class.getClassLoader());

    private final Host host;
    private ExecutionMode mode = ExecutionMode.SEQUENTIAL;
    private @Nullable BatchTransaction transaction;
    private boolean stopOnError;
    private Duration itemTimeout = LONG;
    private Duration batchTimeout = LONG;
    private RetryPolicy retryPolicy = RetryPolicy.NONE;

    TestBatch(Host host) {
        this.host = host;
    }

    TestBatch transaction(BatchTransaction newTransaction) {
        transaction = newTransaction;
        return this;
    }

    TestBatch mode(ExecutionMode newMode) {
        mode = newMode;
        return this;
    }

    TestBatch itemTimeout(Duration timeout) {
        itemTimeout = timeout;
        return this;
    }

    TestBatch batchTimeout(Duration timeout) {
        batchTimeout = timeout;
        return this;
    }

    TestBatch retries(int count) {
        retryPolicy = new RetryPolicy(count);
        return this;
    }

    TestBatch stopOnError() {
        stopOnError = true;
        return this;
    }

    BatchRun begin(String... items) {
        return begin(new Listener(), items);
    }

    BatchRun begin(BatchListener listener, String... items) {
        Batch batch = Plans.batch(items);
        HeaderNamePatterns noNames = HeaderNamePatterns.of(List.of());
        PathPatterns noPaths = PathPatterns.of(List.of());
        RequestAssembler assembler = new RequestAssembler(
                new OuterRequest("http://h", "h", "", "/batch", Headers.empty()),
                new TargetRules(Set.of("/batch"), true, null, noPaths, noPaths),
                new HeaderRules(noNames, noNames));
        BatchTask task = new BatchTask(
                batch,
                BatchEvents.of("b-1", "/batch", batch.size()),
                ExecutionPlan.of(
                        batch,
                        mode,
                        stopOnError,
                        transaction == null ? Atomicity.NOT_SUPPORTED : Atomicity.TRANSACTION),
                new RunLimits(itemTimeout, batchTimeout, "batchTimeout", 8, 100, RunLimits.NO_LIMIT, retryPolicy),
                new ReferenceResolver(batch, true, "http", 1000),
                assembler,
                transaction,
                new HostDispatcher(),
                listener,
                budget);
        return executor.begin(task, readerInside -> {
            deliveries.add(readerInside);
            delivered.countDown();
        });
    }

    /** Runs the batch to its end on the calling thread, which cannot leave. */
    List<Subresponse> run(String... items) {
        BatchRun run = begin(items);
        if (run.workAsReader(false) != BatchRun.ReaderResult.DELIVER) {
            throw new AssertionError("the reader has nothing to deliver");
        }
        return run.responses();
    }

    void awaitDelivered() throws InterruptedException {
        if (!delivered.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("not delivered; events: " + events);
        }
    }

    static void ok(ResponseSink sink) {
        sink.head(200, Headers.empty());
        sink.complete();
    }

    static ByteBuffer bytes(int length) {
        return ByteBuffer.wrap(new byte[length]);
    }

    @Override
    public void close() {
        executor.close();
    }

    private final class HostDispatcher extends StubDispatcher {
        @Override
        public Exchange dispatch(WireRequest request, ResponseSink sink) {
            String id = request.target().substring(1);
            dispatched.add(id);
            try {
                host.handle(id, sink);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                sink.aborted(e);
            }
            return cause -> cancelled.add(id);
        }
    }

    private final class Listener implements BatchListener {
        @Override
        public void itemBegun(ItemEvent item) {
            events.add("begun " + item.request().label());
        }

        @Override
        public void itemTimedOut(ItemEvent item, Duration limit) {
            events.add("timed out " + item.request().label());
        }

        @Override
        public void itemPostponed(ItemEvent item, Subresponse response, Duration delay) {
            events.add("postponed " + item.request().label());
        }

        @Override
        public void itemFailed(ItemEvent item, Subresponse response) {
            events.add("failed " + item.request().label());
        }

        @Override
        public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
            events.add("ended " + item.request().label());
        }
    }
}
