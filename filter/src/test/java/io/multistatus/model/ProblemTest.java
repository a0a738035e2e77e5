package io.multistatus.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Problem PROBLEM = Problem.of(413, "too-large", "Too large");

    @Test
    void itIsProblemDetails() {
        Problem problem =
                PROBLEM.detail("Item 'a' is too large").with("limit", 7L).with("dependency", "b");
        assertThat(new String(problem.toJson(), StandardCharsets.UTF_8))
                .isEqualTo("{\"type\":\"urn:multistatus:too-large\",\"title\":\"Too large\",\"status\":413,"
                        + "\"detail\":\"Item 'a' is too large\",\"limit\":7,\"dependency\":\"b\"}");
    }

    @Test
    void whatIsNotSaidTheTitleSays() {
        assertThat(PROBLEM.detail()).isEqualTo("Too large");
        assertThat(PROBLEM.members()).isEmpty();
    }

    /** Half a surrogate pair is what is left where a text is cut short in the middle of an emoji. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\/\b\f\n\r\t",
                "\u0000\u001f\u007f\u0085",
                "\u2028\u2029",
                "\ud83d",
                "\ude00x",
                "\ud83d\ude00"
            })
    void whateverItQuotesItIsWellFormed(String text) throws Exception {
        JsonNode json =
                JSON.readTree(PROBLEM.detail(text).with("dependency", text).toJson());
        assertThat(json.path("detail").asText()).isEqualTo(text);
        assertThat(json.path("dependency").asText()).isEqualTo(text);
    }

    @Test
    void thatItSaysMoreChangesOnlyTheNewOne() {
        Problem more = PROBLEM.detail("More").with("limit", 1);
        assertThat(PROBLEM.detail()).isEqualTo("Too large");
        assertThat(PROBLEM.members()).isEmpty();
        assertThat(more.with("limit", 2).members()).containsEntry("limit", 2);
        assertThat(more.members()).containsEntry("limit", 1);
    }

    @Test
    void aBatchOrAnItemThatCannotBeReadIs400() {
        assertThat(Problem.malformedBatch("x").status()).isEqualTo(400);
        assertThat(Problem.malformedBatch("x").type()).isEqualTo("urn:multistatus:malformed-batch");
        assertThat(Problem.malformedRequest("x").type()).isEqualTo("urn:multistatus:malformed-request");
    }
}
