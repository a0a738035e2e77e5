package io.multistatus;

import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.execution.Atomicity;
import io.multistatus.execution.BatchTask;
import io.multistatus.execution.ExecutionMode;
import io.multistatus.execution.ExecutionPlan;
import io.multistatus.execution.RunLimits;
import io.multistatus.reference.ReferenceResolver;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.wire.HeaderRules;
import io.multistatus.wire.OuterRequest;
import io.multistatus.wire.RequestAssembler;
import io.multistatus.wire.TargetRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Settles how batches are to run: by the configuration, and by what their clients prefer. Thread-safe. */
final class BatchTasks {
    private static final String EXECUTION = "execution";
    private static final List<String> CONTINUE_ON_ERROR = List.of("continue-on-error", "odata.continue-on-error");
    private static final String PROCESS =
            Integer.toHexString(ThreadLocalRandom.current().nextInt());
    private static final AtomicLong BATCHES = new AtomicLong();

    private final BatchConfig config;
    private final Transactions transactions;
    private final BatchListener listener;

    BatchTasks(BatchConfig config, Transactions transactions, BatchListener listener) {
        this.config = config;
        this.transactions = transactions;
        this.listener = listener;
    }

    /**
     * A batch that can be run.
     *
     * @param applied the client's preferences that are followed in how it runs
     * @param atomicityWaived whether it has a group that runs without the transaction that would undo it
     */
    record Prepared(BatchTask task, List<String> applied, boolean atomicityWaived) {}

    /** @param job whether it is to run as a job */
    Prepared prepare(PostedBatch posted, RunLimits limits, boolean job) {
        List<String> applied = new ArrayList<>();
        boolean usuallyStops = posted.format().stopsOnError(posted.dialect());
        Optional<String> goOn = continueOnError(posted);
        boolean stopOnError = goOn.map(asked -> asked.endsWith("=false")).orElse(usuallyStops);
        ExecutionMode mode = mode(posted, usuallyStops && stopOnError, applied);
        goOn.ifPresent(applied::add);
        boolean needed = ExecutionPlan.needsTransaction(posted.batch());
        Optional<BatchTransaction> transaction = needed ? transactions.find() : Optional.empty();
        Atomicity atomicity = transactions.atomicity(transaction);
        // The containers' own dispatchers recognise items by their connection, wherever they come out.
        boolean itemsAreRecognised = config.dispatcher() == DispatcherChoice.AUTO;
        TargetRules targets = new TargetRules(
                config.paths(), !itemsAreRecognised, config.urlBase().orElse(null), config.allow(), config.deny());
        HeaderRules headers = new HeaderRules(config.deniedHeaders(), config.allowedHeaders());
        BatchTask task = new BatchTask(
                posted.batch(),
                new BatchEvent(
                        PROCESS + "-" + BATCHES.incrementAndGet(),
                        posted.outer().path(),
                        posted.batch().size(),
                        posted.format().mediaType(),
                        posted.bytes(),
                        job,
                        posted.caller(),
                        posted.outer().headers()),
                ExecutionPlan.of(posted.batch(), mode, stopOnError, atomicity),
                limits,
                new ReferenceResolver(
                        posted.batch(),
                        posted.format().hasDependencies(),
                        posted.outer().scheme(),
                        originOfReferences(config, posted.outer()),
                        config.maxBatchBytes()),
                new RequestAssembler(posted.outer(), targets, headers),
                transaction.orElse(null),
                posted.dispatcher(),
                listener,
                posted.budget());
        return new Prepared(task, applied, needed && atomicity == Atomicity.NONE);
    }

    /** @param stopsByItself whether the batch ends at its first failure although its client does not say so */
    private ExecutionMode mode(PostedBatch posted, boolean stopsByItself, List<String> applied) {
        Optional<ExecutionMode> asked = posted.preferences().get(EXECUTION).flatMap(BatchTasks::executionMode);
        asked.ifPresent(mode -> applied.add(EXECUTION + "=" + mode.name().toLowerCase(Locale.ROOT)));
        boolean graph = posted.format().hasDependencies()
                && posted.batch().items().stream()
                        .anyMatch(item -> !item.dependsOn().isEmpty());
        ExecutionMode usual = config.execution();
        if (graph && usual == ExecutionMode.ORDERED) {
            usual = ExecutionMode.PARALLEL;
        } else if (stopsByItself && usual == ExecutionMode.PARALLEL) {
            // Else what comes after the failure would have begun.
            usual = ExecutionMode.ORDERED;
        }
        return asked.orElse(usual);
    }

    private static Optional<ExecutionMode> executionMode(String name) {
        for (ExecutionMode mode : ExecutionMode.values()) {
            if (mode.name().equalsIgnoreCase(name)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    /** The preference of the client's that says whether the batch goes on after a failure, as it is applied. */
    private static Optional<String> continueOnError(PostedBatch posted) {
        for (String name : CONTINUE_ON_ERROR) {
            Optional<String> value = posted.preferences().get(name).map(v -> v.toLowerCase(Locale.ROOT));
            if (value.isPresent() && List.of("", "true", "false").contains(value.get())) {
                return Optional.of(value.get().isEmpty() ? name : name + "=" + value.get());
            }
        }
        return Optional.empty();
    }

    /** What is put before URLs that the host gave, lest {@code urlBase} be: nothing where there is none. */
    static String originOfReferences(BatchConfig config, OuterRequest outer) {
        return config.urlBase().isPresent() ? outer.origin() : "";
    }
}
