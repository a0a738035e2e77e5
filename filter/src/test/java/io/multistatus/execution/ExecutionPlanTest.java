package io.multistatus.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExecutionPlanTest {
    private static final String[] MIXED = {"GET a", "HEAD b", "POST c", "GET d", "OPTIONS e", "PUT f", "DELETE g"};

    @Test
    void orderedReadsRunSideBySideBetweenWrites() {
        ExecutionPlan plan = plan(ExecutionMode.ORDERED, MIXED);
        assertThat(predecessors(plan))
                .containsExactly(
                        List.of(), List.of(), List.of(0, 1), List.of(2), List.of(2), List.of(2, 3, 4), List.of(5));
        assertThat(plan.waitsFor()).containsExactly(0, 0, 2, 1, 1, 3, 1);
    }

    @Test
    void sequentialItemsWaitForTheOneBefore() {
        ExecutionPlan plan = plan(ExecutionMode.SEQUENTIAL, MIXED);
        assertThat(plan.waitsFor()).containsExactly(0, 1, 1, 1, 1, 1, 1);
        assertThat(plan.followers(3)).containsExactly(4);
    }

    @Test
    void parallelItemsWaitForNobody() {
        assertThat(plan(ExecutionMode.PARALLEL, MIXED).waitsFor()).containsOnly(0);
    }

    @Test
    void anyMethodThatIsNotSafeIsAWrite() {
        assertThat(plan(ExecutionMode.ORDERED, "GET a", "PURGE b", "get c").waitsFor())
                .containsExactly(0, 1, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aDependencyIsWaitedForInEveryMode(ExecutionMode mode) {
        ExecutionPlan plan = plan(mode, "GET a", "GET b", "GET c a", "GET d c a c");
        assertThat(plan.dependencies(2)).containsExactly(0);
        assertThat(plan.dependencies(3)).containsExactly(0, 2);
        assertThat(predecessors(plan).get(3)).contains(2);
    }

    @Test
    void anEdgeThatIsThereTwiceCountsOnce() {
        ExecutionPlan plan = plan(ExecutionMode.ORDERED, "POST a", "POST b a a");
        assertThat(plan.waitsFor()).containsExactly(0, 1);
        assertThat(plan.followers(0)).containsExactly(1);
    }

    @Test
    void orderAloneIsNoDependency() {
        ExecutionPlan plan = plan(ExecutionMode.ORDERED, "POST a", "POST b");
        assertThat(plan.dependencies(1)).isEmpty();
    }

    @Test
    void aGroupStandsForItsMembersSoFar() {
        ExecutionPlan plan = plan(ExecutionMode.PARALLEL, "GET a @g", "GET b @g", "GET c g", "GET d @g", "GET e g");
        assertThat(plan.dependencies(2)).containsExactly(0, 1);
        assertThat(plan.dependencies(4)).containsExactly(0, 1, 3);
    }

    @ParameterizedTest
    @CsvSource({"ORDERED, true", "SEQUENTIAL, true", "PARALLEL, false"})
    void whatStopsAtErrorsAndIsOrderedRunsOneAtATime(ExecutionMode mode, boolean strict) {
        ExecutionPlan plan = ExecutionPlan.of(Plans.batch("GET a", "GET b"), mode, true, Atomicity.NOT_SUPPORTED);
        assertThat(plan.stopOnError()).isTrue();
        assertThat(plan.waitsFor()).containsExactly(0, strict ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource
    void aGroupThatWouldNeedATransactionIsRefusedAsAWhole(ExecutionMode mode) {
        ExecutionPlan plan = plan(mode, "GET a @g", "PUT b @g", "GET c");
        assertThat(plan.refusal(0)).isPresent();
        assertThat(plan.refusal(1).orElseThrow().status()).isEqualTo(501);
        assertThat(plan.refusal(1).orElseThrow().detail()).contains("'g'");
        assertThat(plan.refusal(2)).isEmpty();
    }

    @Test
    void aGroupOfOneOrOfReadsNeedsNoTransaction() {
        ExecutionPlan plan = plan(ExecutionMode.ORDERED, "PUT a @g", "GET b @h", "HEAD c @h");
        assertThat(IntStream.range(0, 3).mapToObj(plan::refusal)).allMatch(refusal -> refusal.isEmpty());
    }

    @Test
    void anItemWithoutAnIdHasItsPlaceToo() {
        Subrequest nameless = new Subrequest(0, null, "POST", "/", Headers.empty(), null, List.of(), null, null);
        Subrequest next = new Subrequest(1, ItemId.of("a"), "GET", "/", Headers.empty(), null, List.of(), null, null);
        ExecutionPlan plan = ExecutionPlan.of(
                new Batch(List.of(nameless, next)), ExecutionMode.ORDERED, false, Atomicity.NOT_SUPPORTED);
        assertThat(plan.followers(0)).containsExactly(1);
    }

    @Test
    void anEmptyBatchHasAPlan() {
        assertThat(plan(ExecutionMode.ORDERED).size()).isZero();
    }

    @Test
    void theCountsAreACopy() {
        ExecutionPlan plan = plan(ExecutionMode.SEQUENTIAL, "GET a", "GET b");
        plan.waitsFor()[1] = 7;
        assertThat(plan.waitsFor()).containsExactly(0, 1);
    }

    private static ExecutionPlan plan(ExecutionMode mode, String... items) {
        return ExecutionPlan.of(Plans.batch(items), mode, false, Atomicity.NOT_SUPPORTED);
    }

    private static List<List<Integer>> predecessors(ExecutionPlan plan) {
        List<List<Integer>> predecessors = new ArrayList<>();
        IntStream.range(0, plan.size()).forEach(i -> predecessors.add(new ArrayList<>()));
        for (int i = 0; i < plan.size(); i++) {
            for (int follower : plan.followers(i)) {
                predecessors.get(follower).add(i);
            }
        }
        return predecessors;
    }
}
