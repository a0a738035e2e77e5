package io.multistatus.format.json;

import static io.multistatus.format.json.BatchReading.read;
import static io.multistatus.format.json.BatchReading.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.format.Dialect;
import io.multistatus.format.LimitExceededException;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedBatchTest {

    @Test
    void itemsAreReadInOrderWithAllTheirMembers() throws Exception {
        Batch batch = read("""
                {"ignored": [{"requests": 1}], "requests": [
                  {"id": "a", "method": "get", "url": "/x?y=1"},
                  {"dependsOn": ["a"], "url": "../y", "body": {"n": 1}, "unknown": [[]], "id": 7,
                   "headers": {"Content-Type": "application/json", "X-A": ["1", "2"]}, "atomicityGroup": "g",
                   "method": "PuRgE"},
                  {"id": "c", "method": "DELETE", "url": "u", "dependsOn": [7, "g"]}
                ], "more": null}
                """);

        Subrequest a = batch.items().get(0);
        assertThat(a.id()).isEqualTo(ItemId.of("a"));
        assertThat(a.method()).isEqualTo("GET");
        assertThat(a.url()).isEqualTo("/x?y=1");
        assertThat(a.headers().size()).isZero();
        assertThat(a.body()).isNull();
        assertThat(a.fault()).isNull();
        Subrequest b = batch.items().get(1);
        assertThat(b.index()).isEqualTo(1);
        assertThat(b.id()).isEqualTo(ItemId.ofNumber("7"));
        assertThat(b.method()).isEqualTo("PuRgE");
        assertThat(b.headers().all("x-a")).containsExactly("1", "2");
        assertThat(BatchReading.body(b)).isEqualTo("{\"n\": 1}");
        assertThat(b.dependsOn()).containsExactly("a");
        assertThat(b.atomicityGroup()).isEqualTo("g");
        assertThat(batch.items().get(2).dependsOn()).containsExactly("7", "g");
    }

    @Test
    void optionalMembersThatAreNullAreAbsent() throws Exception {
        Subrequest item = BatchReading.readItem("""
                {"id":"a","method":"GET","url":"/","headers":null,"body":null,"bodyEncoding":null,"dependsOn":null,
                 "atomicityGroup":null,"if":null}""");
        assertThat(item.fault()).isNull();
        assertThat(item.body()).isNull();
        assertThat(item.dependsOn()).isEmpty();
        assertThat(item.atomicityGroup()).isNull();
    }

    @Test
    void anEmptyListOfRequestsIsABatch() throws Exception {
        assertThat(read("{\"requests\":[]}").size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | The batch is empty; a JSON object is expected",
                "`  ` | The batch is empty; a JSON object is expected",
                "[] | The batch must be a JSON object, but is an array (line 1, column 1)",
                "null | The batch must be a JSON object, but is null (line 1, column 1)",
                "{} | The batch has no member 'requests'",
                "{\"requests\":{}} | 'requests' must be an array, but is an object (line 1, column 13)",
                "{\"requests\":null} | 'requests' must be an array, but is null (line 1, column 13)",
                "{\"requests\":[],\"requests\":[]} | The batch has two members 'requests' (line 1, column 16)",
                "{\"x\":1,\"\\u0078\":2,\"requests\":[]} | The batch has two members 'x' (line 1, column 8)",
                "{\"requests\":[]} {} | Something follows the batch's JSON object (line 1, column 17)",
                "{\"requests\":[1]} | Item #1 must be an object, but is an integer (line 1, column 14)",
                "{\"requests\":[null]} | Item #1 must be an object, but is null (line 1, column 14)"
            })
    void whatIsNoBatchIsRefusedWithItsPlace(String body, String detail) {
        Problem problem = refusal(body);
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.type()).isEqualTo("urn:multistatus:malformed-batch");
        assertThat(problem.detail()).isEqualTo(detail);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"requests\":[]}]",
                "{\"requests\":[]},",
                "{\"requests\":[",
                "{\"requests\":[secret]}",
                "{\"requests\":[{]}",
                "{\"requests\":[NaN]}",
                "{\"requests\":[+1]}",
                "/**/{}",
                "{\"a\":\"\u001e\"}",
                "\u001e{}",
                "{'requests':[]}"
            })
    void whatIsNoJsonIsRefusedWithItsPlaceButWithoutJacksonsAdviceOrTheBatchsOwnText(String body) {
        assertThat(refusal(body).detail())
                .matches("(?s)The batch is not JSON: [^\\[`]+ \\(line 1, column [0-9]+\\)")
                .doesNotContain("secret", "Source", "Feature", "enabl");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'method':'GET','url':'/' | Item #2 has no id",
                "'id':null | Item #2 has an id that is neither a string nor an integer, but null",
                "'id':1.5 | Item #2 has an id that is neither a string nor an integer, but a fraction",
                "'id':1e2 | Item #2 has an id that is neither a string nor an integer, but a fraction",
                "'id':true | Item #2 has an id that is neither a string nor an integer, but a boolean",
                "'id':['b'] | Item #2 has an id that is neither a string nor an integer, but an array",
                "'id':'' | The id of item #2 has 0 characters",
                "'id':'a' | The id 'a' of item #2 is taken",
                "'url':'/','id':'b','url':'/' | Item 'b' has two members 'url'",
                "'url':'/','\\u0075rl':'/','id':'b' | Item #2 has two members 'url'",
                "'id':'b','x':1,'x':1 | Item 'b' has two members 'x'",
                "'id':'b','body':1,'body':2 | Item 'b' has two members 'body'",
                "'id':'b','dependsOn':'a' | Item 'b' has a dependsOn that is no array, but a string",
                "'id':'b','dependsOn':{} | Item 'b' has a dependsOn that is no array, but an object",
                "'id':'b','dependsOn':[null] | Item 'b' has something in its dependsOn that is no id, but null",
                "'id':'b','dependsOn':[1.0] | Item 'b' has something in its dependsOn that is no id, but a fraction",
                "'id':'b','dependsOn':[['a']] | Item 'b' has something in its dependsOn that is no id, but an array",
                "'id':'b','dependsOn':['c'] | Item 'b' depends on 'c'",
                "'id':'b','atomicityGroup':1 | Item 'b' has an atomicityGroup that is no string, but an integer"
            })
    void anItemThatNobodyCouldAnswerRefusesTheWholeBatch(String members, String detail) {
        Problem problem =
                refusal(("{'requests':[{'id':'a','method':'GET','url':'/'},{" + members + "}]}").replace('\'', '"'));
        assertThat(problem.type()).isEqualTo("urn:multistatus:malformed-batch");
        assertThat(problem.detail()).startsWith(detail);
    }

    @Test
    void theItemThatIsOneTooManyIsNotRead() {
        String item = "{\"id\":%d,\"method\":\"GET\",\"url\":\"/\"},";
        String body = "{\"requests\":[" + String.format(item, 1) + String.format(item, 2) + "{this is not JSON";
        assertThatThrownBy(() -> new JsonBatchFormat()
                        .read(
                                Dialect.NATIVE,
                                "application/json",
                                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)),
                                new BatchBuilder(2)))
                .isInstanceOfSatisfying(
                        BatchException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(413));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE", "X-UTF-32BE-BOM"})
    void otherUnicodeEncodingsAreRefused(String charset) {
        byte[] body = "{\"requests\":[]}".getBytes(Charset.forName(charset));
        assertThat(refusal(body).detail()).containsPattern("^The batch is not (UTF-8|JSON): ");
    }

    @Test
    void aByteOrderMarkIsSkippedOnce() throws Exception {
        String item = "{\"requests\":[{\"id\":\"a\",\"method\":\"PUT\",\"url\":\"/\",\"body\":  [1, 2]  }]}";
        assertThat(BatchReading.body(read("\uFEFF" + item).items().get(0))).isEqualTo("[1, 2]");
        assertThat(refusal("\uFEFF\uFEFF" + item).detail()).startsWith("The batch is not JSON: ");
        assertThat(refusal("\uFEFF").detail()).startsWith("The batch is empty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[\u00ff]", "[\"\u00c3\"]", "[\"\u00ed\u00a0\u0080\"]", "[\"\u00c0\u00af\"]", "{\"\u00ff\":1}"})
    void whatIsNotUtf8IsRefusedEvenWhereItWouldBeSkipped(String latin1) {
        for (String member : new String[] {"body", "unknown"}) {
            byte[] body = ("{\"requests\":[{\"id\":\"a\",\"" + member + "\":" + latin1 + "}]}")
                    .getBytes(StandardCharsets.ISO_8859_1);
            assertThat(refusal(body).detail()).matches("The batch is not UTF-8: byte 0x.. cannot stand at position 3.");
        }
    }

    @Test
    void aCharacterThatIsCutOffAtTheEndIsNotUtf8() {
        byte[] body = {'{', (byte) 0xe2, (byte) 0x82};
        assertThat(refusal(body).detail())
                .isEqualTo("The batch is not UTF-8: it ends within a character, after 3 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"body", "unknown"})
    void aHundredLevelsAreReadOneMoreIsRefused(String member) throws Exception {
        String format = "{\"requests\":[{\"id\":\"a\",\"" + member + "\":%s%s}]}";
        assertThat(read(String.format(format, "[".repeat(97), "]".repeat(97))).size())
                .isEqualTo(1);
        assertThat(refusal(String.format(format, "[".repeat(98), "]".repeat(98)))
                        .detail())
                .startsWith("The batch is nested deeper than 100 levels (line 1, column ");
    }

    @Test
    void theLengthOfNamesNumbersAndStringsIsNotJudged() throws Exception {
        String name = "n".repeat(60_000);
        String body = "{\"" + name + "\":[" + "1".repeat(5_000) + ",\"" + "\u00e4".repeat(21_000_000) + "\"]}";
        Subrequest item =
                BatchReading.readItem("{\"id\":\"a\",\"method\":\"PUT\",\"url\":\"/\",\"body\":" + body + "}");
        assertThat(StandardCharsets.UTF_8
                        .decode(BatchReading.bytes(item))
                        .toString()
                        .equals(body))
                .isTrue();
    }

    @Test
    void aLimitThatTheStreamRunsIntoIsTheRefusal() {
        Problem limit = Problem.of(413, "too-large", "Too large").with("limit", 5);
        InputStream body = endingWith(new LimitExceededException(limit));
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        BatchException.class, e -> assertThat(e.problem()).isEqualTo(limit));
    }

    @Test
    void aClientThatGoesAwayIsNoMalformedBatch() {
        IOException gone = new IOException("gone");
        assertThatThrownBy(() -> read(endingWith(gone))).isSameAs(gone);
    }

    @Test
    void theStreamStaysOpen() throws Exception {
        boolean[] closed = new boolean[1];
        read(new ByteArrayInputStream("{\"requests\":[]}".getBytes(StandardCharsets.UTF_8)) {
            @Override
            public void close() {
                closed[0] = true;
            }
        });
        assertThat(closed[0]).isFalse();
    }

    /** Their names were all kept, which took thirteen times the memory that the batch was counted for. */
    @Test
    void anObjectOfTheBatchHasAtMost256Members() throws Exception {
        String members = members(MemberNames.MAX_MEMBERS + 1);
        String item = "\"id\":\"a\",\"method\":\"GET\",\"url\":\"/\"";

        assertThat(refusal("{" + members + ",\"requests\":[]}").detail())
                .startsWith("The batch has more than 256 members");
        assertThat(refusal("{\"requests\":[{" + item + "," + members + "}]}").detail())
                .startsWith("Item 'a' has more than 256 members");
        assertThat(BatchReading.readItem("{" + item + "," + members(MemberNames.MAX_MEMBERS - 3) + "}")
                        .fault())
                .isNull();
        assertThat(BatchReading.readItem("{" + item + ",\"body\":{" + members + "}}")
                        .fault())
                .isNull();
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"m" + i + "\":0").collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, true",
        "application/vnd.api+json, true",
        "text/json, false",
        "text/plain, false",
        "multipart/mixed, false",
        "image/x+json, false"
    })
    void onlyApplicationTypesOfJsonAreRead(String mediaType, boolean reads) {
        assertThat(new JsonBatchFormat().reads(mediaType)).isEqualTo(reads);
    }

    private static InputStream endingWith(IOException end) {
        byte[] begin = "{\"requests\":[{\"id\":".getBytes(StandardCharsets.UTF_8);
        return new FilterInputStream(new ByteArrayInputStream(begin)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = super.read(target, offset, length);
                if (count < 0) {
                    throw end;
                }
                return count;
            }
        };
    }
}
