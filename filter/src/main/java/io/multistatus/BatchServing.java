package io.multistatus;

import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.execution.BatchCompletion;
import io.multistatus.execution.BatchExecutor;
import io.multistatus.execution.BatchRun;
import io.multistatus.execution.RetryPolicy;
import io.multistatus.execution.RunLimits;
import io.multistatus.format.Dialect;
import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Batch;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One batch that has been read, from its plan to its envelope. Begun and run by the thread that read it; whichever
 * thread finds all items done writes the envelope.
 */
final class BatchServing {
    private final BatchConfig config;
    private final BatchExecutor executor;
    private final BatchListener listener;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final PostedBatch posted;
    private final Batch batch;
    private final EnvelopeDelivery delivery;

    private @Nullable StreamDelivery stream;
    private final AtomicBoolean streamEnded = new AtomicBoolean();
    private final AtomicBoolean endTold = new AtomicBoolean();
    private @Nullable BatchEvent event;
    private @Nullable BatchRun run;
    private @Nullable EnvelopeWriter writer;
    private @Nullable EnvelopeHead head;
    /** Set before any other thread can be told to write to it. */
    private volatile @Nullable AsyncContext async;

    BatchServing(
            BatchConfig config,
            BatchExecutor executor,
            BatchListener listener,
            HttpServletRequest request,
            HttpServletResponse response,
            PostedBatch posted) {
        this.config = config;
        this.executor = executor;
        this.listener = listener;
        this.request = request;
        this.response = response;
        this.posted = posted;
        this.batch = posted.batch();
        this.delivery =
                new EnvelopeDelivery(request, response, executor.forDeliveries(), posted.dispatcher()::disconnect);
    }

    /** Settles how the batch is to run and how it is to be answered. */
    void begin(BatchTasks tasks) {
        EnvelopeStatus statuses = new EnvelopeStatus(config, posted.dialect());
        int status = statuses.of(request, posted.outer().headers(), posted.preferences());
        BatchFormats.Answering answering =
                BatchFormats.answering(posted.outer().headers(), posted.format(), posted.dialect(), status);
        EnvelopeWriter chosen = answering.writer();
        writer = chosen;
        boolean streamed = answering.streamed()
                && mayLeave()
                && posted.dispatcher().capabilities().concurrent();
        RunLimits limits = new RunLimits(
                config.itemTimeout(),
                config.batchTimeout(),
                "batchTimeout",
                config.maxConcurrency(),
                config.maxResponseBytes(),
                // The other half is for the answers of those that are at work.
                streamed ? config.maxEnvelopeBytes() / 2 : RunLimits.NO_LIMIT,
                RetryPolicy.NONE);
        BatchTasks.Prepared prepared = tasks.prepare(posted, limits, false);
        List<String> applying = new ArrayList<>(prepared.applied());
        if (statuses.isApplied(posted.preferences())) {
            applying.add(EnvelopeStatus.PREFERENCE + "=" + EnvelopeStatus.FALLBACK);
        }
        head = new EnvelopeHead(
                status,
                posted.dialect() == Dialect.NATIVE,
                applying,
                prepared.atomicityWaived(),
                posted.dispatcher().maxResponseHeaderBytes());
        if (streamed) {
            stream = new StreamDelivery(
                    batch,
                    new StreamedEnvelope(batch, chosen, Objects.requireNonNull(head)),
                    response,
                    executor.forDeliveries(),
                    posted.dispatcher()::disconnect,
                    this::end);
        }
        BatchEvent newEvent = prepared.task().event();
        event = newEvent;
        listener.batchBegun(newEvent);
        try {
            run = executor.begin(prepared.task(), new Completion());
        } catch (RuntimeException | Error e) {
            listener.batchEnded(newEvent, Summary.of(batch, unbegun()), Duration.ZERO);
            throw e;
        }
    }

    private List<Subresponse> unbegun() {
        Subresponse answer = Subresponse.of(Problem.of(500, "internal-error", "The batch could not begin"));
        return Collections.nCopies(batch.size(), answer);
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
            } else {
                delivery.tick();
            }
        }
    }

    /** Whoever has made the request async already will complete it when this thread has left. */
    private boolean mayLeave() {
        return request.isAsyncSupported() && !request.isAsyncStarted();
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
            streamEnded.set(true);
            begun.awaitTold();
            try {
                tellOfEnd(summary());
            } finally {
                end();
            }
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

    /** Once. */
    private void tellOfEnd(Summary summary) {
        if (!endTold.compareAndSet(false, true)) {
            return;
        }
        listener.batchEnded(
                Objects.requireNonNull(event),
                summary,
                Objects.requireNonNull(run).elapsed());
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
        posted.budget().close();
        executor.ended(Objects.requireNonNull(run));
    }
}
