package io.multistatus.execution;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.event.ItemEvent;
import io.multistatus.model.Batch;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.WireRequest;
import io.multistatus.reference.ReferenceResolver;
import io.multistatus.reference.Referent;
import io.multistatus.wire.RefusedRequestException;
import io.multistatus.wire.RequestAssembler;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the items of a {@link BatchRun} to the host: with what they refer to put in, assembled, and dispatched, each try with an exchange
 * of its own. Thread-safe, as long as an item is sent by one thread at a time.
 */
final class ItemSender {
    private static final Logger LOG = LoggerFactory.getLogger(ItemSender.class);

    private final BatchRun run;
    private final RunState state;
    private final IntFunction<Subresponse> answers;
    private final Batch batch;
    private final BatchEvent event;
    private final ExecutionPlan plan;
    private final RunLimits limits;
    private final ReferenceResolver references;
    private final RequestAssembler assembler;
    private final Dispatcher dispatcher;
    private final BatchListener listener;
    private final BatchBudget budget;
    /** Of the latest try of each item. */
    private final AtomicReferenceArray<ItemExchange> exchanges;
    /** The items that have been sent, with what they refer to in its place. */
    private final AtomicReferenceArray<@Nullable Sent> sent;

    private record Sent(Subrequest item, String target) {}

    /**
     * None has been sent yet.
     *
     * @param answers the answers that others refer to, by item
     */
    ItemSender(BatchRun run, BatchTask task, RunState state, IntFunction<Subresponse> answers) {
        this.run = run;
        this.state = state;
        this.answers = answers;
        this.batch = task.batch();
        this.event = task.event();
        this.plan = task.plan();
        this.limits = task.limits();
        this.references = task.references();
        this.assembler = task.assembler();
        this.dispatcher = task.dispatcher();
        this.listener = task.listener();
        this.budget = task.budget();
        this.exchanges = new AtomicReferenceArray<>(
                batch.items().stream().map(this::newExchange).toArray(ItemExchange[]::new));
        this.sent = new AtomicReferenceArray<>(batch.size());
    }

    private ItemExchange newExchange(Subrequest item) {
        return new ItemExchange(item.index(), item.label(), budget, limits.maxResponseBytes(), run);
    }

    /**
     * Sends an item, unless its time is up already.
     *
     * @throws RefusedRequestException if it cannot be sent; it has no answer yet
     */
    void send(int index) throws RefusedRequestException {
        Optional<Problem> refusal = plan.refusal(index);
        if (refusal.isPresent()) {
            throw new RefusedRequestException(refusal.get());
        }
        Sent before = sent.get(index);
        // Tried again as it was: it has its room, and what it refers to has not changed.
        Subrequest item = before == null
                ? references.resolve(batch.items().get(index), this::referent, budget::tryReserveRequest)
                : before.item();
        // First what the endpoint says: who decides on items is not asked about those that it would not send.
        WireRequest request = assembler.assemble(item);
        ItemEvent itemEvent = new ItemEvent(event, item, request.target());
        CurrentItem current = CurrentItem.begin(listener, itemEvent);
        try {
            send(request, itemEvent, current);
        } finally {
            current.close();
            if (Thread.interrupted()) {
                // As containers do between requests: the next item must not suffer for what this one's handler left.
                LOG.debug("Batch {}: item '{}' left its thread interrupted", event.batchId(), item.label());
            }
        }
    }

    private void send(WireRequest request, ItemEvent item, CurrentItem current) {
        int index = item.request().index();
        Optional<Subresponse> instead = listener.beforeItem(item);
        if (instead.isPresent()) {
            listener.itemRefused(item, instead.get());
            run.settle(index, instead.get());
            return;
        }
        WireRequest whole = request.with(listener.itemFields(item));
        ItemExchange exchange = exchangeOfThisTry(index);
        if (!exchange.begin()) {
            // Its time was up between being taken and being dispatched; it has its answer, and must not run any more.
            return;
        }
        if (references.isNeeded()) {
            sent.set(index, new Sent(item.request(), whole.target()));
        }
        listener.itemBegun(item);
        current.enterHost();
        try {
            exchange.dispatched(dispatcher.dispatch(whole, exchange));
        } catch (RuntimeException | Error e) {
            exchange.aborted(e);
        }
    }

    private ItemExchange exchangeOfThisTry(int index) {
        if (limits.retries().isNever() || state.retries(index) == 0) {
            return exchanges.get(index);
        }
        ItemExchange exchange = newExchange(batch.items().get(index));
        exchanges.getAndSet(index, exchange).release();
        if (!state.isRunning(index)) {
            // Given up before it was there.
            exchange.giveUp();
        }
        return exchange;
    }

    private Referent referent(int index) {
        return new Referent(Objects.requireNonNull(sent.get(index)).target(), answers.apply(index));
    }

    /** That of the latest try of an item. */
    ItemExchange exchange(int index) {
        return exchanges.get(index);
    }

    /** The request target that an item was sent to that others may refer to; empty for any other. */
    String target(int index) {
        Sent known = sent.get(index);
        return known == null ? "" : known.target();
    }

    /** The item as it has been sent, if it has and it is known; else as it was written. */
    Subrequest item(int index) {
        Sent known = sent.get(index);
        return known == null ? batch.items().get(index) : known.item();
    }
}
