package io.multistatus;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.execution.Atomicity;
import io.multistatus.execution.BatchBudget;
import io.multistatus.execution.BatchCompletion;
import io.multistatus.execution.BatchExecutor;
import io.multistatus.execution.BatchRun;
import io.multistatus.execution.BatchTask;
import io.multistatus.execution.ExecutionMode;
import io.multistatus.execution.ExecutionPlan;
import io.multistatus.execution.RetryPolicy;
import io.multistatus.execution.RunLimits;
import io.multistatus.format.BatchFormat;
import io.multistatus.format.Dialect;
import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Batch;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import io.multistatus.reference.ReferenceResolver;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.wire.HeaderRules;
import io.multistatus.wire.OuterRequest;
import io.multistatus.wire.Preferences;
import io.multistatus.wire.RequestAssembler;
import io.multistatus.wire.TargetRules;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One batch that has been read, from its plan to its envelope. Begun and run by the thread that read it; whichever
 * thread finds all items done writes the envelope.
 */
final class BatchServing {
    private static final String EXECUTION = "execution";
    private static final List<String> CONTINUE_ON_ERROR = List.of("continue-on-error", "odata.continue-on-error");
    private static final String PROCESS =
            Integer.toHexString(ThreadLocalRandom.current().nextInt());
    private static final AtomicLong BATCHES = new AtomicLong();

    private final BatchConfig config;
    private final Dialect dialect;
    private final Transactions transactions;
    private final BatchExecutor executor;
    private final BatchListener listener;
    private final HttpServletRequest request;
    private final OuterRequest outer;
    private final Batch batch;
    private final BatchBudget budget;
    private final Preferences preferences;
    private final EnvelopeDelivery delivery;
    private final BatchEvent event;

    private final HttpServletResponse response;
    private @Nullable StreamDelivery stream;
    private final AtomicBoolean streamEnded = new AtomicBoolean();
    private @Nullable BatchRun run;
    private @Nullable EnvelopeWriter writer;
    private @Nullable EnvelopeHead head;
    /** Set before any other thread can be told to write to it. */
    private volatile @Nullable AsyncContext async;

    BatchServing(
            BatchConfig config,
            Dialect dialect,
            Transactions transactions,
            BatchExecutor executor,
            BatchListener listener,
            HttpServletRequest request,
            HttpServletResponse response,
            OuterRequest outer,
            Batch batch,
            BatchBudget budget) {
        this.config = config;
        this.dialect = dialect;
        this.transactions = transactions;
        this.executor = executor;
        this.listener = listener;
        this.request = request;
        this.response = response;
        this.outer = outer;
        this.batch = batch;
        this.budget = budget;
        this.preferences = Preferences.parse(outer.headers().all("Prefer"));
        this.delivery = new EnvelopeDelivery(request, response);
        this.event = new BatchEvent(PROCESS + "-" + BATCHES.incrementAndGet(), outer.path(), batch.size());
    }

    /** Settles how the batch is to run and how it is to be answered. */
    void begin(Dispatcher dispatcher, BatchFormat format) {
        EnvelopeStatus statuses = new EnvelopeStatus(config, dialect);
        int status = statuses.of(request, outer.headers(), preferences);
        BatchFormats.Answering answering = BatchFormats.answering(outer.headers(), format, dialect, status);
        EnvelopeWriter chosen = answering.writer();
        writer = chosen;
        boolean streamed =
                answering.streamed() && mayLeave() && dispatcher.capabilities().concurrent();
        List<String> applying = new ArrayList<>();
        ExecutionMode mode = mode(format, applying);
        boolean stopOnError = stopOnError(format, applying);
        if (statuses.isApplied(preferences)) {
            applying.add(EnvelopeStatus.PREFERENCE + "=" + EnvelopeStatus.FALLBACK);
        }
        boolean needed = ExecutionPlan.needsTransaction(batch);
        Optional<BatchTransaction> transaction = needed ? transactions.find() : Optional.empty();
        Atomicity atomicity = transactions.atomicity(transaction);
        boolean waived = needed && atomicity == Atomicity.NONE;
        head = new EnvelopeHead(
                status, dialect == Dialect.NATIVE, applying, waived, dispatcher.maxResponseHeaderBytes());
        // The containers' own dispatchers recognise items by their connection, wherever they come out.
        boolean itemsAreRecognised = config.dispatcher() == DispatcherChoice.AUTO;
        TargetRules targets = new TargetRules(
                config.paths(), !itemsAreRecognised, config.urlBase().orElse(null), config.allow(), config.deny());
        HeaderRules headers = new HeaderRules(config.deniedHeaders(), config.allowedHeaders());
        RunLimits limits = new RunLimits(
                config.itemTimeout(),
                config.batchTimeout(),
                config.maxConcurrency(),
                config.maxResponseBytes(),
                // The other half is for the answers of those that are at work.
                streamed ? config.maxEnvelopeBytes() / 2 : RunLimits.NO_LIMIT,
                RetryPolicy.NONE);
        if (streamed) {
            stream = new StreamDelivery(
                    batch,
                    new StreamedEnvelope(batch, chosen, Objects.requireNonNull(head)),
                    response,
                    executor.forDeliveries(),
                    this::end);
        }
        BatchTask task = new BatchTask(
                batch,
                event,
                ExecutionPlan.of(batch, mode, stopOnError, atomicity),
                limits,
                new ReferenceResolver(batch, format.hasDependencies(), outer.scheme(), config.maxBatchBytes()),
                new RequestAssembler(outer, targets, headers),
                transaction.orElse(null),
                dispatcher,
                listener,
                budget);
        listener.batchBegun(event);
        run = executor.begin(task, new Completion());
    }

    private final class Completion implements BatchCompletion {
        @Override
        public void deliver(boolean readerInside) {
            StreamDelivery streaming = stream;
            if (streaming != null) {
                endStream(streaming);
            } else if (readerInside) {
                delivery.writeForStuckReader(BatchServing.this::envelope, BatchServing.this::end);
            } else {
                delivery.writeAsync(BatchServing.this::envelope, Objects.requireNonNull(async), BatchServing.this::end);
            }
        }

        @Override
        public void answered(int item, Subresponse answer) {
            StreamDelivery streaming = stream;
            if (streaming != null) {
                streaming.answered(item, answer);
            }
        }

        @Override
        public void tick() {
            StreamDelivery streaming = stream;
            if (streaming != null) {
                streaming.tick();
            }
        }
    }

    /** Whoever has made the request async already will complete it when this thread has left. */
    private boolean mayLeave() {
        return request.isAsyncSupported() && !request.isAsyncStarted();
    }

    private ExecutionMode mode(BatchFormat format, List<String> applying) {
        Optional<ExecutionMode> asked = preferences.get(EXECUTION).flatMap(BatchServing::executionMode);
        asked.ifPresent(mode -> applying.add(EXECUTION + "=" + mode.name().toLowerCase(Locale.ROOT)));
        boolean graph = format.hasDependencies()
                && batch.items().stream().anyMatch(item -> !item.dependsOn().isEmpty());
        boolean graphIsTheOrder = graph && config.execution() == ExecutionMode.ORDERED;
        return asked.orElse(graphIsTheOrder ? ExecutionMode.PARALLEL : config.execution());
    }

    private static Optional<ExecutionMode> executionMode(String name) {
        for (ExecutionMode mode : ExecutionMode.values()) {
            if (mode.name().equalsIgnoreCase(name)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    private boolean stopOnError(BatchFormat format, List<String> applying) {
        for (String name : CONTINUE_ON_ERROR) {
            Optional<String> value = preferences.get(name).map(v -> v.toLowerCase(Locale.ROOT));
            if (value.isPresent() && List.of("", "true", "false").contains(value.get())) {
                applying.add(value.get().isEmpty() ? name : name + "=" + value.get());
                return value.get().equals("false");
            }
        }
        return format.stopsOnError(dialect);
    }

    /** The part of the thread that read the batch; returns when it may leave the filter. */
    void run() throws IOException, ServletException {
        BatchRun begun = Objects.requireNonNull(run);
        try {
            StreamDelivery streaming = stream;
            if (streaming == null) {
                workAsReader(begun);
            } else {
                leaveToOthers(begun, streaming);
            }
        } catch (IOException | RuntimeException | Error e) {
            // The container answers now; nobody else would end the batch.
            begun.stop();
            if (stream != null && streamEnded.compareAndSet(false, true)) {
                tellOfEnd(summary());
            }
            end();
            throw e;
        }
    }

    private void workAsReader(BatchRun begun) throws IOException {
        BatchRun.ReaderResult result = begun.workAsReader(mayLeave());
        if (result == BatchRun.ReaderResult.OTHERS_AT_WORK) {
            AsyncContext started = request.startAsync();
            // The batch has time limits of its own.
            started.setTimeout(0);
            async = started;
            result = begun.readerLeaves();
        }
        switch (result) {
            case DELIVER -> deliverAsReader();
            case GIVEN_UP -> {
                delivery.awaitWritten();
                completeAsync();
            }
            case OTHERS_AT_WORK -> {}
        }
    }

    /** All items run on other threads, and the first answer can go out while this one is on its way back. */
    private void leaveToOthers(BatchRun begun, StreamDelivery streaming) throws IOException {
        AsyncContext started = request.startAsync();
        // The batch has time limits of its own.
        started.setTimeout(0);
        async = started;
        streaming.start(started, begun);
        if (begun.readerLeaves() != BatchRun.ReaderResult.OTHERS_AT_WORK) {
            endStream(streaming);
        }
    }

    private void endStream(StreamDelivery streaming) {
        // The filter may be stopping before the reader knows the run: then the reader ends it.
        if (run != null && streamEnded.compareAndSet(false, true)) {
            Summary summary = summary();
            streaming.end(summary);
            tellOfEnd(summary);
        }
    }

    private void deliverAsReader() throws IOException {
        try {
            delivery.write(this::envelope);
        } finally {
            end();
            completeAsync();
        }
    }

    private void completeAsync() {
        AsyncContext started = async;
        if (started != null) {
            started.complete();
        }
    }

    /** Of a batch that has ended. */
    private Summary summary() {
        return Summary.of(batch, Objects.requireNonNull(run).responses());
    }

    private void tellOfEnd(Summary summary) {
        listener.batchEnded(event, summary, Objects.requireNonNull(run).elapsed());
    }

    private Envelope envelope() {
        Summary summary = summary();
        tellOfEnd(summary);
        return new Envelope(
                batch,
                Objects.requireNonNull(run).responses(),
                summary,
                Objects.requireNonNull(writer),
                Objects.requireNonNull(head));
    }

    /** Nothing of the batch is held any more. */
    private void end() {
        budget.close();
        executor.ended(Objects.requireNonNull(run));
    }
}
