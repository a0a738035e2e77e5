package io.multistatus.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random plans, run by real threads that do what those of a {@link BatchRun} do, with handlers of every kind. */
class RunStateStressTest {
    private static final int BATCHES = 150;

    @RepeatedTest(4)
    void everyItemIsAnsweredOnceAndEveryBatchDeliveredOnce(RepetitionInfo repetition) throws Exception {
        Random random = new Random(20261101L + repetition.getCurrentRepetition());
        boolean timeouts = repetition.getCurrentRepetition() % 2 == 0;
        for (int i = 0; i < BATCHES; i++) {
            new Simulation(random, timeouts).run();
        }
    }

    private static final class Simulation {
        private final String description;
        private final boolean timeouts;
        private final boolean mayLeave;
        private final int maxConcurrency;
        private final Batch batch;
        private final ExecutionPlan plan;
        private final RunState state;
        private final int[] handlers;

        private final ExecutorService threads = Executors.newCachedThreadPool();
        /** One party for the test, one for each task that is queued or runs. */
        private final Phaser atWork = new Phaser(1);

        private final CountDownLatch delivered = new CountDownLatch(1);
        private final AtomicInteger deliveries = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger retired = new AtomicInteger();
        private final AtomicInteger returned = new AtomicInteger();
        private final AtomicIntegerArray begun;
        private final AtomicIntegerArray answered;
        private final Queue<String> faults = new ConcurrentLinkedQueue<>();

        Simulation(Random random, boolean timeouts) {
            this.timeouts = timeouts;
            int size = 1 + random.nextInt(25);
            String[] items = new String[size];
            for (int i = 0; i < size; i++) {
                StringBuilder item = new StringBuilder(random.nextInt(3) == 0 ? "PUT i" : "GET i").append(i);
                for (int d = 0; i > 0 && d < random.nextInt(3); d++) {
                    item.append(" i").append(random.nextInt(i));
                }
                items[i] = item.toString();
            }
            batch = Plans.batch(items);
            ExecutionMode mode = List.of(ExecutionMode.values()).get(random.nextInt(3));
            boolean stopOnError = random.nextInt(4) == 0;
            plan = ExecutionPlan.of(batch, mode, stopOnError, Atomicity.NOT_SUPPORTED);
            maxConcurrency = 1 + random.nextInt(4);
            mayLeave = random.nextBoolean();
            state = new RunState(batch.items(), plan, maxConcurrency, RunLimits.NO_LIMIT);
            handlers = random.ints(size, 0, 12).toArray();
            begun = new AtomicIntegerArray(size);
            answered = new AtomicIntegerArray(size);
            description = List.of(items) + " " + mode + " stopOnError=" + stopOnError + " maxConcurrency="
                    + maxConcurrency + " mayLeave=" + mayLeave;
        }

        void run() throws Exception {
            AtomicBoolean over = new AtomicBoolean();
            Thread clock = new Thread(() -> {
                while (!over.get()) {
                    tick();
                    LockSupport.parkNanos(10_000);
                }
            });
            clock.start();
            execute(this::workAsReader);
            boolean ended = delivered.await(30, TimeUnit.SECONDS);
            over.set(true);
            clock.join();
            int phase = atWork.arrive();
            atWork.awaitAdvanceInterruptibly(phase, 30, TimeUnit.SECONDS);
            threads.shutdown();

            assertThat(faults).as(description).isEmpty();
            assertThat(ended).as(description).isTrue();
            assertThat(deliveries).as(description).hasValue(1);
            assertThat(returned.get()).as(description).isEqualTo(retired.get());
            for (int i = 0; i < batch.size(); i++) {
                assertThat(answered.get(i)).as(description + " item " + i).isEqualTo(1);
                assertThat(begun.get(i)).as(description + " item " + i).isLessThanOrEqualTo(1);
            }
            assertThat(state.responses()).hasSize(batch.size());
        }

        private void execute(Runnable task) {
            atWork.register();
            threads.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    faults.add(e.toString());
                } finally {
                    atWork.arriveAndDeregister();
                }
            });
        }

        private void workAsReader() {
            while (true) {
                NextStep next = work(state.reader());
                if (next == NextStep.DELIVER) {
                    deliver();
                    return;
                }
                if (next == NextStep.RETIRE) {
                    returned.incrementAndGet();
                }
                if (next == NextStep.RETIRE || mayLeave) {
                    if (mayLeave) {
                        perform(state.readerLeaves());
                    }
                    return;
                }
                try {
                    state.awaitReaderMayGoOn();
                } catch (InterruptedException e) {
                    faults.add("the reader was interrupted");
                    return;
                }
            }
        }

        private void workAsHelper() {
            state.workerArrived();
            NextStep next = work(new Worker(false));
            if (next == NextStep.RETIRE) {
                returned.incrementAndGet();
            } else if (next == NextStep.DELIVER) {
                deliver();
            } else if (next != NextStep.NOTHING) {
                faults.add("a helper was told to " + next);
            }
        }

        private NextStep work(Worker worker) {
            while (true) {
                NextStep next = state.next(worker);
                if (next != NextStep.RUN_ITEM) {
                    return next;
                }
                if (state.wantsWorker()) {
                    execute(this::workAsHelper);
                }
                handle(worker.item);
            }
        }

        /** Handlers that answer before they return, after it, twice, and such that go on after they have answered. */
        private void handle(int item) {
            begun.incrementAndGet(item);
            checkMayRun(item);
            if (running.incrementAndGet() > maxConcurrency && !timeouts) {
                faults.add("more than " + maxConcurrency + " items run at once");
            }
            int status = handlers[item] == 0 ? 500 : 200;
            switch (handlers[item] % 4) {
                case 0 -> answer(item, status);
                case 1 -> execute(() -> answer(item, status));
                case 2 -> {
                    running.decrementAndGet();
                    execute(() -> settle(item, status));
                    settle(item, status);
                }
                default -> {
                    answer(item, status);
                    for (int i = 0; i < 2_000; i++) {
                        Thread.onSpinWait();
                    }
                }
            }
        }

        private void checkMayRun(int item) {
            for (int dependency : plan.dependencies(item)) {
                if (state.response(dependency).failed()) {
                    faults.add("item " + item + " runs although " + dependency + " has failed");
                }
            }
            for (int i = 0; i < item; i++) {
                for (int follower : plan.followers(i)) {
                    if (follower == item && state.undone().contains(i)) {
                        faults.add("item " + item + " runs before " + i + " is done");
                    }
                }
            }
        }

        private void answer(int item, int status) {
            running.decrementAndGet();
            settle(item, status);
        }

        private void settle(int item, int status) {
            Settled settled = state.settle(item, Plans.answer(status));
            if (settled.first()) {
                answered.incrementAndGet(item);
            }
            settled.skipped().forEach(answered::incrementAndGet);
            perform(settled.next());
            if (settled.first()) {
                perform(state.told(item, 1 + settled.skipped().size()));
            }
        }

        private void tick() {
            if (timeouts) {
                new ArrayList<>(state.runningLongerThan(200_000)).forEach(item -> settle(item, 504));
            }
            Stuck stuck = state.retireStuck(20_000);
            retired.addAndGet(stuck.retired());
            perform(stuck.next());
        }

        private void perform(NextStep next) {
            switch (next) {
                case START_WORKER -> execute(this::workAsHelper);
                case DELIVER -> deliver();
                case NOTHING, RETIRE -> {}
                case RUN_ITEM -> faults.add("nobody to run an item");
            }
        }

        private void deliver() {
            deliveries.incrementAndGet();
            if (!state.undone().isEmpty()) {
                faults.add("delivered with items undone");
            }
            delivered.countDown();
        }
    }
}
