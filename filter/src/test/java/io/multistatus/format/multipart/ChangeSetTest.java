package io.multistatus.format.multipart;

import static io.multistatus.format.multipart.Multiparts.body;
import static io.multistatus.format.multipart.Multiparts.fault;
import static io.multistatus.format.multipart.Multiparts.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.model.Batch;
import io.multistatus.model.BatchException;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the parts of a multipart batch have to do with each other: change sets, and the ids that URLs refer to. */
class ChangeSetTest {

    @Test
    void aMultipartIsAChangeSet() throws Exception {
        Batch batch = read(
                "--b",
                "",
                "GET /first",
                "--b",
                "Content-Type: multipart/mixed; boundary=bc",
                "",
                "preamble",
                "--bc",
                "Content-Type: application/http",
                "Content-ID: 1",
                "",
                "POST /orders",
                "",
                "{}",
                "--bc",
                "Content-Type: application/http",
                "",
                "GET $1/lines",
                "--bc--",
                "epilogue",
                "--b",
                "Content-Type: multipart/mixed;",
                " boundary=\"bc\"",
                "",
                "--bc",
                "",
                "PUT /x",
                "",
                "--bc",
                "--bc--",
                "--b",
                "",
                "GET $1",
                "--b--");

        assertThat(batch.items())
                .extracting(Subrequest::url)
                .containsExactly("/first", "/orders", "$1/lines", "/x", "", "$1");
        List<Subrequest> items = batch.items();
        assertThat(items)
                .extracting(Subrequest::atomicityGroup)
                .containsExactly(
                        null,
                        "change set \u2116 1",
                        "change set \u2116 1",
                        "change set \u2116 2",
                        "change set \u2116 2",
                        null);
        assertThat(items).extracting(Subrequest::index).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(body(items.get(1))).isEqualTo("{}");
        assertThat(items.get(2).dependsOn()).containsExactly("1");
        assertThat(items.get(5).dependsOn()).containsExactly("1");
        assertThat(fault(items.get(4)))
                .as("between two delimiters there is an empty part")
                .contains("the part is empty");
    }

    @Test
    void aChangeSetThatIsBrokenCostsOnlyItself() throws Exception {
        Batch batch = read(
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "Content-ID: <set>",
                "",
                "--c",
                "Content-ID: <1>",
                "",
                "POST /orders",
                "--c",
                "",
                "POST /orders",
                "--b",
                "Content-Type: multipart/mixed",
                "",
                "--c",
                "",
                "POST /orders",
                "--c--",
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "",
                "--c",
                "Content-Type: multipart/mixed; boundary=d",
                "",
                "--d",
                "",
                "GET /deeper",
                "--d--",
                "--c--",
                "--b",
                "",
                "GET $1/x",
                "--b--");

        List<Subrequest> items = batch.items();
        assertThat(items).hasSize(4);
        assertThat(fault(items.get(0)))
                .isEqualTo("Item 'set': the change set ends without its closing delimiter '--c--', after 2 requests");
        assertThat(fault(items.get(1))).contains("Item #2").contains("no boundary parameter");
        assertThat(fault(items.get(2))).contains("a change set cannot stand within a change set");
        assertThat(fault(items.get(3)))
                .as("there is no item 1")
                .contains("'1', which is in a change set that is broken");
        assertThat(Objects.requireNonNull(items.get(3).fault()).status()).isEqualTo(424);
    }

    /** Regression: it ran, with its bodies as they were encoded. */
    @ParameterizedTest
    @ValueSource(strings = {"quoted-printable", "BASE64", "x-other"})
    void aChangeSetThatIsEncodedDoesNotRun(String encoding) throws Exception {
        Batch batch = read(
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "Content-Transfer-Encoding: " + encoding,
                "",
                "--c",
                "",
                "PUT /x",
                "",
                "a=3D",
                "--c--",
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "Content-Transfer-Encoding: Binary",
                "",
                "--c",
                "",
                "PUT /y",
                "--c--",
                "--b--");

        assertThat(batch.items()).extracting(Subrequest::url).containsExactly("", "/y");
        assertThat(fault(batch.items().get(0))).contains("Content-Transfer-Encoding must be binary");
    }

    /** Regression: it had no answer, and all answers behind it were a place too early. */
    @Test
    void aChangeSetWithoutRequestsHasAnAnswer() throws Exception {
        Batch batch = read(
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "Content-ID: <set>",
                "",
                "--c--",
                "--b",
                "",
                "GET /x",
                "--b--");

        assertThat(batch.items()).extracting(Subrequest::url).containsExactly("", "/x");
        assertThat(fault(batch.items().get(0))).isEqualTo("Item 'set': the change set has no requests");
    }

    @Test
    void aBrokenChangeSetTakesNoIdAway() throws Exception {
        Batch batch = read(
                "--b",
                "Content-ID: <1>",
                "",
                "POST /orders",
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "",
                "--c",
                "Content-ID: <1>",
                "",
                "POST /lost",
                "--c",
                "Content-ID: <2>",
                "",
                "POST /lost",
                "--b",
                "Content-ID: <2>",
                "",
                "PUT $1/lines",
                "--b",
                "",
                "PUT $2",
                "--b--");
        List<Subrequest> items = batch.items();
        assertThat(items.get(2).dependsOn()).containsExactly("1");
        assertThat(items.get(3).dependsOn()).as("the id is there again").containsExactly("2");
    }

    @Test
    void urlsBeginWithTheIdOfAnEarlierItem() throws Exception {
        Batch batch = read(
                "--b",
                "Content-ID: <a>",
                "",
                "POST /orders",
                "--b",
                "Content-ID: <a/b>",
                "",
                "POST /orders",
                "--b",
                "",
                "GET $a?x=y/z",
                "--b",
                "",
                "GET $a/b/c",
                "--b",
                "",
                "GET $ab/c",
                "--b",
                "",
                "GET $" + "/".repeat(300),
                "--b--");
        assertThat(batch.items().subList(2, 6))
                .extracting(Subrequest::dependsOn)
                .containsExactly(List.of("a"), List.of("a/b"), List.of(), List.of());
    }

    @Test
    void theIdMayBeAFieldOfTheRequest() throws Exception {
        Batch batch = read(
                "--b",
                "",
                "POST /orders",
                "Content-ID: <1>",
                "",
                "--b",
                "Content-ID: 2",
                "",
                "GET $1/lines",
                "Content-ID: 3",
                "",
                "--b--");
        assertThat(batch.items())
                .extracting(Subrequest::id)
                .containsExactly(new ItemId("1", ItemId.Spelling.BRACKETED), ItemId.of("2"));
        assertThat(batch.items().get(1).dependsOn()).containsExactly("1");
    }

    @Test
    void idsAreUniqueAcrossTheBatch() {
        assertThatThrownBy(() ->
                        read("--b", "Content-ID: <1>", "", "GET /x", "--b", "Content-ID: 1", "", "GET /y", "--b--"))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("'1'");
    }
}
