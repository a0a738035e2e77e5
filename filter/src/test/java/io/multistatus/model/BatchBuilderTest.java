package io.multistatus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchBuilderTest {
    private final BatchBuilder batch = new BatchBuilder(3);

    @Test
    void itemsStandInTheOrderTheyWereAdded() throws Exception {
        add("a");
        add("b", "a");
        add(null);
        assertThat(batch.build().items()).extracting(Subrequest::label).containsExactly("a", "b", "#3");
    }

    @Test
    void anItemTooManyIsRefusedBeforeItIsRead() throws Exception {
        for (String id : List.of("a", "b", "c")) {
            batch.beforeNext(0);
            add(id);
        }
        Problem problem = problem(() -> batch.beforeNext(0));
        assertThat(problem.status()).isEqualTo(413);
        assertThat(problem.members()).containsEntry("limit", 3);
        assertThat(problem.detail()).contains("more than 3 requests (maxRequests)");
    }

    @Test
    void anIdIsTakenOnlyOnce() throws Exception {
        add("a");
        assertThat(refusalOf("a")).isEqualTo("The id 'a' of item #2 is taken by an earlier item");
    }

    @Test
    void aNumberAndAStringOfTheSameTextAreTheSameId() throws Exception {
        batch.add(item(0, ItemId.ofNumber("1"), List.of(), null));
        assertThat(refusalOf("1")).contains("'1' of item #2 is taken");
    }

    @Test
    void upperAndLowerCaseAreDifferentIds() throws Exception {
        add("a");
        assertThatCode(() -> add("A")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "\u0000", "a\u007f", "\u0085"})
    void anIdThatIsEmptyOrHasControlsIsRefusedAndNotRepeated(String id) {
        assertThat(refusalOf(id)).startsWith("The id of item #1 has " + id.length() + " characters or a control");
    }

    @Test
    void anIdHasAtMost128Characters() {
        assertThat(refusalOf("x".repeat(129))).contains("1 to 128");
        assertThatCode(() -> add("x".repeat(128))).doesNotThrowAnyException();
    }

    @Test
    void anItemDependsOnWhatStandsEarlierOnly() throws Exception {
        add("a");
        assertThat(refusalOf("b", "a", "c"))
                .isEqualTo("Item 'b' depends on 'c', which is neither the id nor the group of an earlier item");
        assertThat(refusalOf("b", "b")).contains("depends on 'b'");
        assertThat(refusalOf("b", "A")).contains("depends on 'A'");
    }

    @Test
    void anItemMayDependOnAGroupThatHasBegun() throws Exception {
        batch.add(item(0, ItemId.of("a"), List.of(), "g"));
        assertThatCode(() -> add("b", "g")).doesNotThrowAnyException();
    }

    @Test
    void anItemCannotBeTheFirstOfTheGroupItDependsOn() {
        assertThat(problem(() -> batch.add(item(0, ItemId.of("a"), List.of("g"), "g")))
                        .detail())
                .contains("depends on 'g'");
    }

    @Test
    void aGroupCannotHaveTheNameOfAnItem() throws Exception {
        add("a");
        assertThat(problem(() -> batch.add(item(1, ItemId.of("b"), List.of(), "a")))
                        .detail())
                .contains("Item 'b' names its atomicityGroup 'a', which is an item's id");
        assertThat(problem(() -> batch.add(item(1, ItemId.of("c"), List.of(), "c")))
                        .detail())
                .contains("atomicityGroup 'c'");
    }

    @Test
    void anItemCannotHaveTheNameOfAGroup() throws Exception {
        batch.add(item(0, ItemId.of("a"), List.of(), "g"));
        assertThat(refusalOf("g")).isEqualTo("The id 'g' of item #2 is the atomicityGroup of item 'a'");
    }

    @Test
    void whatIsRefusedIsNotThere() throws Exception {
        add("a");
        refusalOf("a");
        refusalOf("b", "c");
        assertThat(batch.size()).isEqualTo(1);
        assertThatCode(() -> add("b")).doesNotThrowAnyException();
    }

    /** A plan has an edge for each: as many as items times the members of a group they all depend on. */
    @Test
    void dependenciesAreBoundedAndThoseOnAGroupCountForItsMembers() throws Exception {
        BatchBuilder large = new BatchBuilder(1000);
        for (int i = 0; i < 500; i++) {
            large.add(item(i, ItemId.of("m" + i), List.of(), "g"));
        }
        for (int i = 500; i < 700; i++) {
            large.add(item(i, ItemId.of("d" + i), List.of("g"), null));
        }
        Problem problem = problem(() -> large.add(item(700, ItemId.of("last"), List.of("g"), null)));
        assertThat(problem.status()).isEqualTo(413);
        assertThat(problem.name()).isEqualTo("too-many-dependencies");
        assertThat(problem.detail()).contains("'last'").contains("100000");
        assertThat(problem.members()).containsEntry("limit", 100_000L);
    }

    @Test
    void aMessageRepeatsLittleOfALongName() {
        assertThat(refusalOf("b", "x".repeat(1_000_000))).hasSizeLessThan(200);
    }

    private String refusalOf(String id, String... dependsOn) {
        Problem problem = problem(() -> add(id, dependsOn));
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.name()).isEqualTo("malformed-batch");
        return problem.detail();
    }

    private static Problem problem(org.assertj.core.api.ThrowableAssert.ThrowingCallable refused) {
        BatchException refusal = catchThrowableOfType(BatchException.class, refused);
        assertThat(refusal).isNotNull();
        return refusal.problem();
    }

    private void add(@Nullable String id, String... dependsOn) throws BatchException {
        batch.add(item(batch.size(), id == null ? null : ItemId.of(id), List.of(dependsOn), null));
    }

    private static Subrequest item(int index, @Nullable ItemId id, List<String> dependsOn, @Nullable String group) {
        return new Subrequest(index, id, "GET", "/x", Headers.empty(), null, dependsOn, group, null);
    }
}
