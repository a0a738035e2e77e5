package io.multistatus.execution;

import static io.multistatus.execution.NextStep.DELIVER;
import static io.multistatus.execution.NextStep.NOTHING;
import static io.multistatus.execution.NextStep.START_WORKER;
import static io.multistatus.execution.RunStates.arrive;
import static io.multistatus.execution.RunStates.holding;
import static io.multistatus.execution.RunStates.parallel;
import static io.multistatus.execution.RunStates.settle;
import static io.multistatus.execution.RunStates.state;
import static io.multistatus.execution.RunStates.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Steps through the state of a batch as the threads of a {@link BatchRun} do. */
class RunStateTest {
    private static final long NEVER = Duration.ofHours(1).toNanos();

    @Test
    void theReaderRunsAQuickBatchAloneAndDeliversIt() {
        RunState state = parallel(8, "GET a", "GET b", "GET c");
        for (int i = 0; i < 3; i++) {
            take(state, state.reader(), i);
            assertThat(settle(state, i, 200)).isEqualTo(NOTHING);
        }
        assertThat(state.next(state.reader())).isEqualTo(DELIVER);
        assertThat(state.responses()).extracting(Subresponse::status).containsExactly(200, 200, 200);
    }

    @Test
    void anEmptyBatchIsDeliveredAtOnce() {
        RunState state = parallel(8);
        assertThat(state.next(state.reader())).isEqualTo(DELIVER);
        assertThat(state.responses()).isEmpty();
    }

    @Test
    void helpersAreAskedForOneByOne() {
        RunState state = parallel(8, "GET a", "GET b", "GET c");
        take(state, state.reader(), 0);
        assertThat(state.wantsWorker()).isTrue();
        assertThat(state.wantsWorker()).isFalse();
        Worker helper = arrive(state);
        take(state, helper, 1);
        assertThat(state.wantsWorker()).isTrue();
    }

    @Test
    void aHelperThatComesTooLateGoesAgain() {
        RunState state = parallel(8, "GET a", "GET b");
        take(state, state.reader(), 0);
        assertThat(state.wantsWorker()).isTrue();
        settle(state, 0, 200);
        take(state, state.reader(), 1);
        Worker helper = arrive(state);
        assertThat(state.next(helper)).isEqualTo(NOTHING);
        settle(state, 1, 200);
        assertThat(state.next(helper)).isEqualTo(NOTHING);
        assertThat(state.next(state.reader())).isEqualTo(DELIVER);
    }

    @Test
    void noMoreItemsRunAtOnceThanMay() {
        RunState state = parallel(2, "GET a", "GET b", "GET c");
        take(state, state.reader(), 0);
        take(state, new Worker(false), 1);
        assertThat(state.wantsWorker()).isFalse();
        assertThat(state.next(new Worker(false))).isEqualTo(NOTHING);
        settle(state, 1, 200);
        take(state, new Worker(false), 2);
    }

    @Test
    void aTimedOutItemNoLongerCountsAsRunning() {
        RunState state = parallel(1, "GET a", "GET b");
        take(state, state.reader(), 0);
        settle(state, 0, Plans.timeout());
        take(state, new Worker(false), 1);
    }

    @Test
    void orderedItemsWaitForTheirTurn() {
        RunState state = state(ExecutionMode.ORDERED, false, 8, "GET a", "GET b", "PUT c", "GET d");
        take(state, state.reader(), 0);
        Worker helper = new Worker(false);
        take(state, helper, 1);
        settle(state, 0, 200);
        assertThat(state.next(state.reader())).isEqualTo(NOTHING);
        settle(state, 1, 200);
        take(state, helper, 2);
        assertThat(state.next(state.reader())).isEqualTo(NOTHING);
        settle(state, 2, 500);
        take(state, helper, 3);
    }

    @Test
    void whatIsOrderedGoesOnAfterAFailure() {
        RunState state = state(ExecutionMode.SEQUENTIAL, false, 8, "PUT a", "PUT b");
        take(state, state.reader(), 0);
        assertThat(settle(state, 0, Plans.answer(500)).skipped()).isEmpty();
        take(state, state.reader(), 1);
    }

    @Test
    void aFailureSpreadsToAllThatDependOnIt() {
        RunState state = parallel(8, "GET a", "GET b a", "GET c b", "GET d", "GET e d c");
        take(state, state.reader(), 0);
        assertThat(settle(state, 0, Plans.answer(404)).skipped()).containsExactly(1, 2);
        take(state, state.reader(), 3);
        assertThat(settle(state, 3, Plans.answer(200)).skipped()).containsExactly(4);
        assertThat(state.next(state.reader())).isEqualTo(DELIVER);
        assertThat(state.responses()).extracting(Subresponse::status).containsExactly(404, 424, 424, 200, 424);
        assertThat(state.response(1).problem()).satisfies(problem -> {
            assertThat(problem.name()).isEqualTo("failed-dependency");
            assertThat(problem.detail()).contains("Item 'b' depends on 'a', which ended with 404");
            assertThat(problem.members()).containsEntry("dependency", "a");
        });
        assertThat(Plans.problem(state.response(2)).members()).containsEntry("dependency", "b");
        assertThat(Plans.problem(state.response(4)).members()).containsEntry("dependency", "c");
    }

    @Test
    void aRedirectIsNoFailure() {
        RunState state = parallel(8, "GET a", "GET b a");
        take(state, state.reader(), 0);
        settle(state, 0, 302);
        take(state, state.reader(), 1);
    }

    @Test
    void whereErrorsStopTheBatchNothingBeginsAfterOne() {
        RunState state = state(ExecutionMode.PARALLEL, true, 2, "GET a", "GET b", "GET c", "GET d c", "GET e a");
        Worker helper = new Worker(false);
        take(state, state.reader(), 0);
        take(state, helper, 1);
        assertThat(settle(state, 0, Plans.answer(500)).skipped()).containsExactlyInAnyOrder(2, 3, 4);
        assertThat(state.next(state.reader())).isEqualTo(NOTHING);
        assertThat(settle(state, 1, 200)).isEqualTo(NOTHING);
        assertThat(state.next(state.reader())).isEqualTo(DELIVER);
        assertThat(state.responses()).extracting(Subresponse::status).containsExactly(500, 200, 424, 424, 424);
        assertThat(Plans.problem(state.response(2)).name()).isEqualTo("aborted");
        assertThat(Plans.problem(state.response(4)).name()).isEqualTo("failed-dependency");
    }

    @Test
    void anItemIsAnsweredOnce() {
        RunState state = parallel(8, "GET a");
        take(state, state.reader(), 0);
        assertThat(settle(state, 0, Plans.timeout()).first()).isTrue();
        Settled late = state.settle(0, Plans.answer(200));
        assertThat(late.first()).isFalse();
        assertThat(late.next()).isEqualTo(NOTHING);
        assertThat(late.skipped()).isEmpty();
        assertThat(state.response(0).status()).isEqualTo(504);
    }

    @Test
    void aLateAnswerOfAnItemThatWasSkippedIsIgnored() {
        RunState state = parallel(8, "GET a", "GET b a");
        take(state, state.reader(), 0);
        settle(state, 0, 500);
        assertThat(state.settle(1, Plans.answer(200)).first()).isFalse();
        assertThat(state.response(1).status()).isEqualTo(424);
    }

    @Test
    void whoeverAnswersTheLastAsyncItemHasItDeliveredOnceTheReaderIsGone() {
        RunState state = parallel(8, "GET a", "GET b");
        take(state, state.reader(), 0);
        take(state, state.reader(), 1);
        assertThat(state.next(state.reader())).isEqualTo(NOTHING);
        assertThat(state.readerInside()).isTrue();
        assertThat(state.readerLeaves()).isEqualTo(NOTHING);
        assertThat(state.readerInside()).isFalse();
        assertThat(settle(state, 1, 200)).isEqualTo(NOTHING);
        assertThat(settle(state, 0, 200)).isEqualTo(DELIVER);
        assertThat(state.settle(0, Plans.answer(200)).next()).isEqualTo(NOTHING);
        assertThat(state.next(new Worker(false))).isEqualTo(NOTHING);
    }

    @Test
    void nothingIsDeliveredBeforeAllHaveBeenToldOf() {
        RunState state = parallel(8, "GET a", "GET b");
        take(state, state.reader(), 0);
        take(state, state.reader(), 1);
        assertThat(state.next(state.reader())).isEqualTo(NOTHING);
        assertThat(state.readerLeaves()).isEqualTo(NOTHING);
        assertThat(state.settle(0, Plans.answer(200)).next()).isEqualTo(NOTHING);
        assertThat(settle(state, 1, 200)).isEqualTo(NOTHING);
        assertThat(state.told(0, 1)).isEqualTo(DELIVER);
    }

    @Test
    void aListenerThatDoesNotComeBackIsNotWaitedFor() {
        RunState state = parallel(8, "GET a");
        take(state, state.reader(), 0);
        assertThat(state.next(state.reader())).isEqualTo(NOTHING);
        assertThat(state.readerLeaves()).isEqualTo(NOTHING);
        assertThat(state.settle(0, Plans.answer(200)).next()).isEqualTo(NOTHING);
        assertThat(state.retireStuck(NEVER)).isEqualTo(new Stuck(0, NOTHING));
        assertThat(state.retireStuck(-1)).isEqualTo(new Stuck(0, DELIVER));
        assertThat(state.told(0, 1)).isEqualTo(NOTHING);
    }

    @Test
    void noMoreRunThanThereIsRoomForBesideWhatTheClientHasNotTaken() {
        RunState state = holding(25, "GET a", "GET b", "GET c", "GET d");
        Subresponse answer = Subresponse.of(200, Headers.empty(), ByteBuffer.wrap(new byte[10]));
        state.readerLeaves();
        Worker first = arrive(state);
        Worker second = arrive(state);
        take(state, first, 0);
        take(state, second, 1);
        settle(state, 0, answer);
        // One is held and one is running: for a third there is no room.
        assertThat(state.wantsWorker()).isFalse();
        assertThat(state.next(first)).isEqualTo(NOTHING);
        assertThat(state.taken(0)).isEqualTo(START_WORKER);
        take(state, arrive(state), 2);
        settle(state, 1, answer);
        settle(state, 2, answer);
        assertThat(state.next(second)).isEqualTo(NOTHING);
        assertThat(state.taken(1)).isEqualTo(START_WORKER);
        take(state, arrive(state), 3);
    }

    @Test
    void oneMayAlwaysRun() {
        RunState state = holding(1, "GET a", "GET b");
        state.readerLeaves();
        Worker worker = arrive(state);
        take(state, worker, 0);
        settle(state, 0, Subresponse.of(200, Headers.empty(), ByteBuffer.wrap(new byte[10])));
        assertThat(state.next(worker)).isEqualTo(NOTHING);
        assertThat(state.taken(0)).isEqualTo(START_WORKER);
        take(state, arrive(state), 1);
    }

    @Test
    void anAbortedBatchEndsWithWhatIsRunning() {
        RunState state = parallel(1, "GET a", "GET b", "GET c");
        state.readerLeaves();
        Worker worker = arrive(state);
        take(state, worker, 0);
        Settled settled = state.abort(Problem.of(503, "client-gone", "Gone"));
        assertThat(settled.skipped()).containsExactly(1, 2);
        assertThat(state.told(Worker.NO_ITEM, 2)).isEqualTo(NOTHING);
        settle(state, 0, 200);
        assertThat(state.next(worker)).isEqualTo(DELIVER);
        assertThat(state.responses()).extracting(Subresponse::status).containsExactly(200, 503, 503);
    }

    @Test
    void ofWhatIsForgottenTheSummaryIsLeft() {
        RunState state = parallel(1, "GET a");
        take(state, state.reader(), 0);
        Headers headers = Headers.of("Content-Type", "a/b", "retry-after", "3");
        settle(state, 0, Subresponse.of(429, headers, ByteBuffer.wrap(new byte[10])));
        state.taken(0);
        Subresponse left = state.response(0);
        assertThat(left.status()).isEqualTo(429);
        assertThat(left.body().remaining()).isZero();
        assertThat(left.headers().first("Retry-After")).hasValue("3");
        assertThat(left.headers().size()).isEqualTo(1);
    }

    /** Regression: one dependency, of whichever item, and all answers of the batch were kept to its end. */
    @Test
    void whatTheClientHasTakenIsKeptForThoseThatMayReferToIt() {
        RunState state = parallel(1, "GET a", "GET b", "GET c a", "GET d a");
        Subresponse answer = Subresponse.of(200, Headers.empty(), ByteBuffer.wrap(new byte[10]));
        settle(state, 0, answer);
        settle(state, 1, answer);
        state.taken(0);
        state.taken(1);
        assertThat(state.forgotten()).containsExactly(1);
        assertThat(state.response(0).body().remaining()).isEqualTo(10);
        settle(state, 2, answer);
        assertThat(state.forgotten()).isEmpty();
        settle(state, 3, answer);
        assertThat(state.forgotten()).containsExactly(0);
        assertThat(state.response(0).body().remaining()).isZero();
        assertThat(state.response(0).status()).isEqualTo(200);
        state.taken(2);
        assertThat(state.forgotten()).containsExactly(2);
    }

    /** An item that will not run refers to nothing. */
    @Test
    void whatOnlySkippedItemsDependOnIsForgotten() {
        RunState state = parallel(1, "GET a", "GET b a");
        settle(state, 0, 404);
        state.taken(0);
        assertThat(state.forgotten()).containsExactly(0);
    }

    /** From the first on, each would have made the next one ready, and a worker would have begun it. */
    @Test
    void givingUpWhatIsUndoneMakesNothingReady() {
        RunState state = state(ExecutionMode.SEQUENTIAL, false, 8, "GET a", "GET b", "GET c");
        take(state, state.reader(), 0);
        state.next(state.reader());
        state.readerLeaves();
        assertThat(state.undone()).containsExactly(2, 1, 0);
        for (int item : state.undone()) {
            assertThat(state.next(new Worker(false))).isEqualTo(NOTHING);
            assertThat(settle(state, item, Plans.timeout()).next()).isEqualTo(item == 0 ? DELIVER : NOTHING);
        }
        assertThat(state.responses()).extracting(Subresponse::status).containsOnly(504);
    }

    @Test
    void onlyWhatHasRunLongEnoughHasRunTooLong() {
        RunState state = parallel(1, "GET a", "GET b");
        assertThat(state.runningLongerThan(-1)).isEmpty();
        take(state, state.reader(), 0);
        assertThat(state.runningLongerThan(-1)).containsExactly(0);
        assertThat(state.runningLongerThan(NEVER)).isEmpty();
        settle(state, 0, 200);
        assertThat(state.runningLongerThan(-1)).isEmpty();
        assertThat(state.nanosSince(0)).isBetween(0L, NEVER);
    }

    @Test
    void thereAreNoResponsesBeforeAllAreThere() {
        RunState state = parallel(8, "GET a", "GET b");
        take(state, state.reader(), 0);
        settle(state, 0, 200);
        assertThatIllegalStateException().isThrownBy(state::responses).withMessage("1 of 2 items have no answer yet");
    }
}
