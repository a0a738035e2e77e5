package io.multistatus.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemJsonTest {

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00\ud800", "\u0000\n\"\\", "\u00e4\u20ac\ud83d\ude00\u2028"})
    void aProblemSaysWhateverItQuotes(String quoted) throws Exception {
        Problem problem = Problem.malformedBatch("id '" + quoted + "'").with("limit", 5);
        JsonNode json = new ObjectMapper().readTree(problem.toJson());
        assertThat(json.get("detail").textValue()).isEqualTo("id '" + quoted + "'");
        assertThat(json.get("limit").intValue()).isEqualTo(5);
    }
}
