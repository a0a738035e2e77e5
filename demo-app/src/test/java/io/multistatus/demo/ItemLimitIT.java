package io.multistatus.demo;

import static io.multistatus.demo.Envelope.item;
import static io.multistatus.demo.Envelope.statuses;
import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A limit that is taken before the shop is asked. */
class ItemLimitIT {
    private static final int ITEMS = 100;
    private static final int LIMIT = 20;

    @RegisterExtension
    static final RunningDemo demo = RunningDemo.with("--items-per-minute", Integer.toString(LIMIT));

    private final Visitor visitor = demo.visitor();

    @Test
    void itemsThatAreTooManyAreRefusedAndMayBeSentLater() {
        HttpResponse<String> batch = visitor.postJson(
                "/batch",
                IntStream.range(0, ITEMS)
                        .mapToObj(i -> "{\"id\": \"i%d\", \"method\": \"POST\", \"url\": \"/api/carts\", \"body\": {}}"
                                .formatted(i))
                        .collect(Collectors.joining(",", "{\"requests\": [", "]}")));

        List<Integer> statuses = statuses(batch);
        int made = Collections.frequency(statuses, 201);
        // A token comes back every three seconds.
        assertThat(made).isBetween(LIMIT, ITEMS / 2);
        assertThat(Collections.frequency(statuses, 429)).isEqualTo(ITEMS - made);
        JsonNode refused = item(batch, statuses.indexOf(429));
        String id = refused.get("id").textValue();
        assertThat(refused.at("/body/type").textValue()).isEqualTo("urn:multistatus:too-many-items");
        assertThat(refused.at("/body/detail").textValue())
                .contains("'" + id + "'")
                .contains(Integer.toString(LIMIT));
        assertThat(Integer.parseInt(refused.at("/headers/Retry-After").textValue()))
                .isBetween(1, 3);
        assertThat(refused.has("refused")).isFalse();
        JsonNode summary = json(batch).get("summary");
        assertThat(summary.get("retryable"))
                .hasSize(ITEMS - made)
                .anyMatch(each -> each.textValue().equals(id));
        assertThat(summary.get("retryAfter").intValue()).isBetween(1, 3);
        // The same requests alone are no items.
        assertThat(visitor.postJson("/api/carts", "{}").statusCode()).isEqualTo(201);
    }
}
