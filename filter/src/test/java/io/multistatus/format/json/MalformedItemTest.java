package io.multistatus.format.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Batch;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import java.util.Collections;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedItemTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'url':'/' | method is missing",
                "'method':null,'url':'/' | method must be a string, but is null",
                "'method':1,'url':'/' | method must be a string, but is an integer",
                "'method':'','url':'/' | method must be an HTTP token, but is ''",
                "'method':'GET /','url':'/' | method must be an HTTP token, but is 'GET /'",
                "'method':'G\\nT','url':'/' | method must be an HTTP token, but is 'G\uFFFDT'",
                "'method':'Connect','url':'/' | method CONNECT is not allowed in a batch",
                "'method':'TRACE','url':'/' | method TRACE is not allowed in a batch",
                "'method':'GET' | url is missing",
                "'method':'GET','url':null | url must be a string, but is null",
                "'method':'GET','url':{'a':[{}]} | url must be a string, but is an object",
                "'method':'GET','url':'' | url is empty",
                "'method':'GET','url':'/\\ud800' | url has half a surrogate pair: '/\uFFFD'",
                "'method':'GET','url':'/','headers':[] | headers must be an object, but is an array",
                "'method':'GET','url':'/','headers':{'a b':[1]} | headers has a name that is no HTTP token: 'a b'",
                "'method':'GET','url':'/','headers':{'':'x'} | headers has a name that is no HTTP token: ''",
                "'method':'GET','url':'/','headers':{'A':1} | header 'A' must be a string or an array of strings, but has an integer",
                "'method':'GET','url':'/','headers':{'A':null} | header 'A' must be a string or an array of strings, but has null",
                "'method':'GET','url':'/','headers':{'A':{'b':1}} | header 'A' must be a string or an array of strings, but has an object",
                "'method':'GET','url':'/','headers':{'A':['x',['y']]} | header 'A' must be a string or an array of strings, but has an array",
                "'method':'GET','url':'/','headers':{'A':'x\\r\\ny'} | header 'A' has a control or a character outside Latin-1 in its value",
                "'method':'GET','url':'/','headers':{'A':'x\\u0000'} | header 'A' has a control or a character outside Latin-1 in its value",
                "'method':'GET','url':'/','headers':{'A':'\\n'} | header 'A' has a control or a character outside Latin-1 in its value",
                "'method':'GET','url':'/','headers':{'A':['\\u20ac']} | header 'A' has a control or a character outside Latin-1 in its value",
                "'method':'GET','url':'/','bodyEncoding':1 | bodyEncoding must be a string, but is an integer",
                "'method':'GET','url':'/','bodyEncoding':'JSON' | bodyEncoding must be 'json', 'text' or 'base64', but is 'JSON'"
            })
    void aFaultInsideAnItemIsItsOwnAndNamesTheMember(String members, String fault) throws Exception {
        Batch batch = BatchReading.read("""
                {"requests":[{"id":1,"method":"PUT","url":"/a","body":1},{%s,"id":"b"},{"id":3,"method":"GET","url":"/c"}]}
                """.formatted(members.replace('\'', '"')));

        Problem problem = Objects.requireNonNull(batch.items().get(1).fault());
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.type()).isEqualTo("urn:multistatus:malformed-request");
        assertThat(problem.detail()).isEqualTo("Item 'b': " + fault);
        assertThat(batch.items().get(1).body()).isNull();
        assertThat(BatchReading.body(batch.items().get(0))).isEqualTo("1");
        assertThat(batch.items().get(2).url()).isEqualTo("/c");
        assertThat(batch.items()).extracting(item -> item.fault() == null).containsExactly(true, false, true);
    }

    @Test
    void whatCouldBeReadOfAFaultyItemIsKept() throws Exception {
        Subrequest item = BatchReading.readItem("""
                {"id":"a","url":"/x","headers":{"A":"1","B":2,"C":" 3 "},"method":"post","atomicityGroup":"g","body":{}}""");
        assertThat(item.findFault()).isPresent();
        assertThat(item.method()).isEqualTo("POST");
        assertThat(item.url()).isEqualTo("/x");
        assertThat(item.headers().names()).containsExactly("a", "c");
        assertThat(item.atomicityGroup()).isEqualTo("g");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "Head", "pOST", "put", "delete", "options", "patch"})
    void standardMethodsGoUpperCaseWhateverTheyCameAs(String method) throws Exception {
        assertThat(BatchReading.readItem("{\"id\":1,\"url\":\"/\",\"method\":\"" + method + "\"}")
                        .method())
                .isUpperCase()
                .isEqualToIgnoringCase(method);
    }

    @Test
    void headerValuesLoseTheWhiteSpaceAroundThemAndKeepTheRest() throws Exception {
        Subrequest item = BatchReading.readItem("""
                {"id":1,"method":"GET","url":"/","headers":{"A":" \\tx\\ty ","a":["","\\u00e4"],"B":[],"A":"again"}}""");
        assertThat(item.fault()).isNull();
        assertThat(item.headers().all("A")).containsExactly("x\ty", "", "\u00e4", "again");
        assertThat(item.headers().contains("B")).isFalse();
    }

    @Test
    void aConditionIsNotImplemented() throws Exception {
        Subrequest item = BatchReading.readItem("{\"id\":1,\"if\":{\"x\":[]},\"method\":\"GET\",\"url\":\"/\"}");
        Problem problem = item.findFault().orElseThrow();
        assertThat(problem.status()).isEqualTo(501);
        assertThat(problem.type()).isEqualTo("urn:multistatus:not-implemented");
        assertThat(problem.detail()).isEqualTo("Item '1': 'if' is not supported");
    }

    @Test
    void whatIsQuotedFromABatchIsBounded() throws Exception {
        Subrequest item =
                BatchReading.readItem("{\"id\":1,\"url\":\"/\",\"method\":\"" + "\u00e4".repeat(1000) + "\"}");
        assertThat(item.findFault().orElseThrow().detail())
                .isEqualTo("Item '1': method must be an HTTP token, but is '" + "\u00e4".repeat(64) + "...'");
    }

    @Test
    void anItemWithMoreFieldsThanAHeaderHoldsIsRefusedAndKeepsNoneOfTheRest() throws Exception {
        String many = String.join(",", Collections.nCopies(3000, "\"x\""));

        Subrequest item =
                BatchReading.readItem("{\"id\":1,\"method\":\"GET\",\"url\":\"/\",\"headers\":{\"a\":[" + many + "]}}");

        assertThat(item.findFault().orElseThrow().status()).isEqualTo(431);
        assertThat(item.headers().size()).isEqualTo(2048);
    }

    @Test
    void aDependencyThatIsRepeatedCountsOnce() throws Exception {
        Batch batch = BatchReading.read("{\"requests\":[{\"id\":1,\"method\":\"GET\",\"url\":\"/\"},"
                + "{\"id\":2,\"method\":\"GET\",\"url\":\"/\",\"dependsOn\":["
                + String.join(",", Collections.nCopies(1000, "\"1\"")) + "]}]}");

        assertThat(batch.items().get(1).dependsOn()).containsExactly("1");
    }
}
