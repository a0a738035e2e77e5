package io.multistatus.format.multipart;

import static io.multistatus.format.multipart.Multiparts.fault;
import static io.multistatus.format.multipart.Multiparts.read;
import static io.multistatus.format.multipart.Multiparts.readOData;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.model.BatchException;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Clients of OData 4.0 count their Content-IDs anew in each change set. */
class ContentIdScopeTest {
    private static final String[] TWO_SETS =
            lines(set(part("1", "POST /a"), part("2", "PUT $1/x")), set(part("1", "POST /b"), part("2", "PUT $1/y")));

    private static String[] part(String id, String request) {
        return id.isEmpty() ? new String[] {"", request} : new String[] {"Content-ID: " + id, "", request};
    }

    /** A change set, without the delimiter before it. */
    private static String[] set(String[]... parts) {
        List<String> lines = new ArrayList<>(List.of("Content-Type: multipart/mixed; boundary=c", ""));
        for (String[] part : parts) {
            lines.add("--c");
            lines.addAll(Arrays.asList(part));
        }
        lines.add("--c--");
        return lines.toArray(String[]::new);
    }

    private static String[] lines(String[]... parts) {
        List<String> lines = new ArrayList<>();
        for (String[] part : parts) {
            lines.add("--b");
            lines.addAll(Arrays.asList(part));
        }
        lines.add("--b--");
        return lines.toArray(String[]::new);
    }

    @Test
    void anIdMayBeThereOnceInEachChangeSet() throws Exception {
        List<Subrequest> items = readOData(TWO_SETS).items();

        assertThat(items).extracting(Subrequest::fault).containsOnlyNulls();
        assertThat(items)
                .extracting(item -> Objects.requireNonNull(item.id()).text())
                .containsExactly("1", "2", "1", "2");
        assertThat(items)
                .extracting(item -> Objects.requireNonNull(item.id()).name())
                .doesNotHaveDuplicates();
        assertThat(items.get(1).dependsOn()).containsExactly(name(items.get(0)));
        assertThat(items.get(3).dependsOn()).containsExactly(name(items.get(2)));
    }

    private static String name(Subrequest item) {
        return Objects.requireNonNull(item.id()).name();
    }

    @Test
    void inTheNativeDialectItMustBeTheOnlyOne() {
        assertThatThrownBy(() -> read(TWO_SETS))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("The id '1' of item #3 is taken");
    }

    @Test
    void oneIdTwiceInAChangeSetOrOutsideOfAnyRefusesTheBatch() {
        assertThatThrownBy(() ->
                        readOData(lines(part("0", "GET /"), set(part("1", "POST /a"), part("<1>", "POST /b")))))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("The id '1' of item #3 is taken");
        assertThatThrownBy(() -> readOData(lines(part("1", "GET /"), set(part("2", "POST /a")), part("1", "GET /"))))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("The id '1' of item #3 is taken");
    }

    @Test
    void anItemOfTheOwnChangeSetComesBeforeOneElsewhere() throws Exception {
        List<Subrequest> items = readOData(lines(
                        part("1", "POST /outside"),
                        set(part("1", "POST /inside"), part("", "PUT $1")),
                        part("", "GET $1")))
                .items();
        assertThat(items.get(2).dependsOn()).containsExactly(name(items.get(1)));
        assertThat(items.get(3).dependsOn()).containsExactly(name(items.get(0)));
    }

    @Test
    void theOnlyItemOfAnIdIsFoundWhereverItStands() throws Exception {
        List<Subrequest> items = readOData(lines(
                        part("a", "POST /a"),
                        set(part("b", "POST /b"), part("", "PUT $a")),
                        set(part("", "PUT $a/x"), part("", "PUT $b/y")),
                        part("", "GET $b?z")))
                .items();
        assertThat(items)
                .extracting(Subrequest::dependsOn)
                .containsExactly(
                        List.of(),
                        List.of(),
                        List.of(name(items.get(0))),
                        List.of(name(items.get(0))),
                        List.of(name(items.get(1))),
                        List.of(name(items.get(1))));
    }

    @Test
    void aReferenceThatMayMeanSeveralIsTheFaultOfItsItem() throws Exception {
        List<Subrequest> items = readOData(lines(
                        set(part("1", "POST /a")),
                        set(part("1", "POST /b")),
                        part("last", "GET $1/x"),
                        set(part("", "GET $1"), part("1", "POST /c"), part("", "GET $1"))))
                .items();
        assertThat(fault(items.get(2)))
                .isEqualTo("Item 'last': it refers to '1', and 2 requests before it have that Content-ID, none of them"
                        + " outside of change sets");
        assertThat(fault(items.get(3))).startsWith("Item #4: it refers to '1'").endsWith("in its own change set");
        assertThat(items.get(5).dependsOn()).containsExactly(name(items.get(4)));
    }

    @Test
    void anIdOfABrokenChangeSetIsStillOneOfSeveral() throws Exception {
        List<Subrequest> items = readOData(
                        "--b",
                        "Content-Type: multipart/mixed; boundary=c",
                        "",
                        "--c",
                        "Content-ID: 1",
                        "",
                        "POST /lost",
                        "--b",
                        "",
                        "GET $1",
                        "--b",
                        "Content-Type: multipart/mixed; boundary=d",
                        "",
                        "--d",
                        "Content-ID: 1",
                        "",
                        "POST /b",
                        "--d--",
                        "--b",
                        "",
                        "GET $1",
                        "--b--")
                .items();
        Problem lost = Objects.requireNonNull(items.get(1).fault());
        assertThat(lost.status()).isEqualTo(424);
        assertThat(lost.members()).containsEntry("culprit", "1");
        assertThat(fault(items.get(3))).contains("2 requests before it have that Content-ID");
    }

    @Test
    void noContentIdIsTheNameOfAChangeSet() throws Exception {
        List<Subrequest> items = read(lines(
                        part("change set 1", "GET /"),
                        set(part("<change set 2>", "POST /a"), part("change set \u00b9", "POST /b"))))
                .items();
        assertThat(items).extracting(Subrequest::fault).containsOnlyNulls();
        String group = Objects.requireNonNull(items.get(2).atomicityGroup());
        assertThat(group).matches("change set .+1");
        assertThat(group.chars()).as("no Content-ID is").anyMatch(c -> c > 0xff);
    }

    @Test
    void aPartWithABrokenHeadIsAnsweredByItsContentId() throws Exception {
        List<Subrequest> items = read(
                        "--b",
                        "Broken",
                        "Content-ID: <head>",
                        "",
                        "GET /",
                        "--b",
                        "",
                        "PUT /x",
                        "Content-ID: request",
                        "Bro ken: x",
                        "",
                        "--b",
                        "",
                        "TRACE /x",
                        "Content-ID: method",
                        "",
                        "--b",
                        "",
                        "PUT /x",
                        "Content-ID: length",
                        "Content-Length: 7",
                        "",
                        "x",
                        "--b",
                        "Content-ID: \u0001",
                        "",
                        "GET /",
                        "--b",
                        "",
                        "GET $head",
                        "--b--")
                .items();
        assertThat(items)
                .extracting(Subrequest::id)
                .containsExactly(
                        new ItemId("head", ItemId.Spelling.BRACKETED),
                        ItemId.of("request"),
                        ItemId.of("method"),
                        ItemId.of("length"),
                        null,
                        null);
        assertThat(items.subList(0, 5)).allMatch(item -> item.fault() != null);
        assertThat(fault(items.get(1))).startsWith("Item 'request': a header has no name");
        assertThat(items.get(5).dependsOn()).containsExactly("head");
    }

    @Test
    void aBrokenHeadIsNeverThatOfAChangeSet() throws Exception {
        List<Subrequest> items = read(
                        "--b",
                        "Content-ID: set",
                        "Content-Type: multipart/mixed; boundary=c",
                        "Broken",
                        "",
                        "--c",
                        "",
                        "POST /x",
                        "--c--",
                        "--b--")
                .items();
        assertThat(items).hasSize(1);
        assertThat(items.get(0).id()).isEqualTo(ItemId.of("set"));
        assertThat(fault(items.get(0))).contains("a header has no name");
    }
}
