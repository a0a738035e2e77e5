package io.multistatus.execution;

import static io.multistatus.execution.NextStep.DELIVER;
import static io.multistatus.execution.NextStep.NOTHING;
import static io.multistatus.execution.NextStep.RETIRE;
import static io.multistatus.execution.NextStep.RUN_ITEM;
import static io.multistatus.execution.NextStep.START_WORKER;
import static io.multistatus.execution.RunStates.arrive;
import static io.multistatus.execution.RunStates.parallel;
import static io.multistatus.execution.RunStates.settle;
import static io.multistatus.execution.RunStates.state;
import static io.multistatus.execution.RunStates.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Steps through the state of a batch as its reader does, and as workers that it waits for or that stand in for it. */
class RunStateReaderTest {
    private static final long NEVER = Duration.ofHours(1).toNanos();

    @Test
    void theReaderDeliversOnItsWayOutWhatGotDoneMeanwhile() {
        RunState state = parallel(8, "GET a");
        take(state, state.reader(), 0);
        assertThat(state.next(state.reader())).isEqualTo(NOTHING);
        assertThat(settle(state, 0, 200)).isEqualTo(NOTHING);
        assertThat(state.readerLeaves()).isEqualTo(DELIVER);
    }

    @Test
    void theReaderSendsForAWorkerOnItsWayOutIfThereIsWork() {
        RunState state = state(ExecutionMode.SEQUENTIAL, false, 8, "GET a", "GET b");
        take(state, state.reader(), 0);
        assertThat(state.next(state.reader())).isEqualTo(NOTHING);
        assertThat(settle(state, 0, 200)).isEqualTo(NOTHING);
        assertThat(state.readerLeaves()).isEqualTo(START_WORKER);
        Worker helper = arrive(state);
        take(state, helper, 1);
        assertThat(settle(state, 1, 200)).isEqualTo(NOTHING);
        assertThat(state.next(helper)).isEqualTo(DELIVER);
    }

    @Test
    void anAsyncAnswerThatMakesAnItemReadySendsForAWorkerWhenNobodyIsThere() {
        RunState state = state(ExecutionMode.SEQUENTIAL, false, 8, "GET a", "GET b");
        take(state, state.reader(), 0);
        state.next(state.reader());
        state.readerLeaves();
        assertThat(settle(state, 0, 200)).isEqualTo(START_WORKER);
        assertThat(state.wantsWorker()).isFalse();
    }

    @Test
    void aReaderThatIsBusyLeavesAnAsyncAnswersFollowerToAHelper() {
        RunState state = parallel(8, "GET a", "GET b", "GET c a");
        take(state, state.reader(), 0);
        take(state, state.reader(), 1);
        assertThat(settle(state, 0, 200)).isEqualTo(START_WORKER);
    }

    @Test
    void aReaderThatCannotLeaveIsWokenByTheLastAnswer() throws Exception {
        RunState state = parallel(8, "GET a");
        take(state, state.reader(), 0);
        FutureTask<NextStep> reader = new FutureTask<>(() -> {
            NextStep next = state.next(state.reader());
            assertThat(next).isEqualTo(NOTHING);
            state.awaitReaderMayGoOn();
            return state.next(state.reader());
        });
        Thread thread = waiting(reader);
        assertThat(settle(state, 0, 200)).isEqualTo(NOTHING);
        assertThat(reader.get()).isEqualTo(DELIVER);
        thread.join();
    }

    @Test
    void aReaderThatCannotLeaveIsWokenByAnItemThatGetsReady() throws Exception {
        RunState state = state(ExecutionMode.SEQUENTIAL, false, 8, "GET a", "GET b");
        take(state, state.reader(), 0);
        FutureTask<NextStep> reader = new FutureTask<>(() -> {
            state.next(state.reader());
            state.awaitReaderMayGoOn();
            return state.next(state.reader());
        });
        Thread thread = waiting(reader);
        assertThat(settle(state, 0, 200)).isEqualTo(NOTHING);
        assertThat(reader.get()).isEqualTo(RUN_ITEM);
        thread.join();
    }

    @Test
    void aReaderThatWaitsCanBeInterrupted() throws Exception {
        RunState state = parallel(8, "GET a");
        take(state, state.reader(), 0);
        FutureTask<Void> reader = new FutureTask<>(() -> {
            state.next(state.reader());
            state.awaitReaderMayGoOn();
            return null;
        });
        Thread thread = waiting(reader);
        thread.interrupt();
        assertThatThrownBy(reader::get).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void aHelperThatHoldsItsThreadAfterTheLastAnswerIsReplaced() {
        RunState state = parallel(8, "GET a", "GET b");
        Worker helper = new Worker(false);
        take(state, state.reader(), 0);
        take(state, helper, 1);
        settle(state, 0, 200);
        assertThat(state.next(state.reader())).isEqualTo(NOTHING);
        assertThat(state.readerLeaves()).isEqualTo(NOTHING);
        assertThat(settle(state, 1, 200)).isEqualTo(NOTHING);
        assertThat(state.retireStuck(NEVER)).isEqualTo(new Stuck(0, NOTHING));
        assertThat(state.retireStuck(-1)).isEqualTo(new Stuck(1, DELIVER));
        assertThat(state.next(helper)).isEqualTo(RETIRE);
        assertThat(state.retireStuck(-1)).isEqualTo(new Stuck(0, NOTHING));
    }

    @Test
    void aWorkerWhoseItemIsStillRunningIsNotStuck() {
        RunState state = parallel(8, "GET a");
        take(state, state.reader(), 0);
        assertThat(state.retireStuck(-1)).isEqualTo(new Stuck(0, NOTHING));
    }

    @Test
    void aReaderThatIsStuckIsReplacedAndMustNotDeliverWhenItIsBack() {
        RunState state = parallel(8, "GET a", "GET b");
        take(state, state.reader(), 0);
        settle(state, 0, Plans.timeout());
        assertThat(state.retireStuck(-1)).isEqualTo(new Stuck(1, START_WORKER));
        Worker helper = arrive(state);
        take(state, helper, 1);
        settle(state, 1, 200);
        assertThat(state.next(helper)).isEqualTo(DELIVER);
        assertThat(state.readerInside()).isTrue();
        assertThat(state.next(state.reader())).isEqualTo(RETIRE);
        assertThat(state.readerLeaves()).isEqualTo(RETIRE);
        assertThat(state.readerInside()).isTrue();
    }

    @Test
    void aReaderThatIsBackBeforeTheEndMayLeaveLikeAnyOther() {
        RunState state = parallel(8, "GET a", "GET b");
        take(state, state.reader(), 0);
        take(state, new Worker(false), 1);
        settle(state, 0, Plans.timeout());
        assertThat(state.retireStuck(-1)).isEqualTo(new Stuck(1, NOTHING));
        assertThat(state.next(state.reader())).isEqualTo(RETIRE);
        assertThat(state.readerLeaves()).isEqualTo(NOTHING);
        assertThat(state.readerInside()).isFalse();
    }

    private static Thread waiting(FutureTask<?> reader) {
        Thread thread = new Thread(reader);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        return thread;
    }
}
