package io.multistatus.demo;

import static io.multistatus.demo.Envelope.ids;
import static io.multistatus.demo.Envelope.item;
import static io.multistatus.demo.Envelope.statuses;
import static io.multistatus.demo.Visitor.basic;
import static io.multistatus.demo.Visitor.header;
import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The shop through its batch endpoint: no servlet of it knows that there is one. */
class BatchDemoIT {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private final Visitor visitor = demo.visitor();

    @Test
    void theBatchThatTheDemoPrintsHasFourDifferentAnswers() {
        HttpResponse<String> answer = visitor.postJson("/batch", Banner.BATCH);

        assertThat(answer.statusCode()).isEqualTo(207);
        assertThat(statuses(answer)).containsExactly(200, 201, 404, 401);
        assertThat(ids(answer)).containsExactly("product", "cart", "missing", "orders");
        assertThat(header(answer, "Batch-Summary")).isEqualTo("total=4, succeeded=2, failed=2");
        JsonNode cart = item(answer, 1);
        assertThat(cart.get("message").textValue()).isEqualTo("Created");
        assertThat(cart.at("/headers/Location").textValue())
                .isEqualTo("/api/carts/" + cart.at("/body/id").asText());
        assertThat(cart.at("/body/customer").textValue()).isEqualTo("Ada");
    }

    @Test
    void anItemsBodyIsTheVeryTextOfTheSingleAnswer() {
        String single = visitor.get("/api/products").body();

        assertThat(batch("/api/products").body()).contains(single);
    }

    @Test
    void theEndpointSaysThatKeysAreServedInTheApi() {
        JsonNode document = json(visitor.get("/batch"));

        assertThat(document.get("features").toString()).contains("\"idempotency\"");
        assertThat(document.get("idempotency").toString()).isEqualTo("{\"paths\":[\"/api/*\"]}");
    }

    @Test
    void eachEndpointIsDescribedAsItIsConfigured() {
        String openApi = "application/vnd.oai.openapi+json;version=3.1";
        HttpResponse<String> own = visitor.get("/batch", "Accept", openApi);
        HttpResponse<String> odata = visitor.get("/api/$batch", "Accept", openApi);

        assertThat(header(own, "Content-Type")).isEqualTo(openApi);
        assertThat(json(own).get("openapi").textValue()).isEqualTo("3.1.0");
        assertThat(json(own).at("/paths/~1batch/post/parameters").toString()).contains("IdempotencyKey");
        assertThat(json(own)
                        .at("/components/schemas/BatchRequest/properties/requests/maxItems")
                        .intValue())
                .isEqualTo(1000);
        assertThat(json(own).get("paths").has("/api/$batch")).isFalse();
        assertThat(json(odata).get("paths").has("/api/$batch")).isTrue();
        assertThat(json(odata).get("paths").has("/api/batch/jobs/{id}")).isTrue();
    }

    @Test
    void thirtyResourcesAreOneRequest() {
        HttpResponse<String> answer = batch(IntStream.rangeClosed(1, 30)
                .mapToObj(id -> "/api/products/" + id)
                .toArray(String[]::new));

        assertThat(statuses(answer)).hasSize(30).containsOnly(200);
        assertThat(json(answer).get("responses").findValuesAsText("sku")).doesNotHaveDuplicates();
    }

    @Test
    void anAsynchronousServletAnswersInABatch() {
        HttpResponse<String> answer = batch("/api/reports/daily", "/api/tiny");

        assertThat(statuses(answer)).containsExactly(200, 200);
        assertThat(item(answer, 0).at("/body/products").intValue()).isEqualTo(60);
    }

    @Test
    void aBugCostsOnlyItsItem() {
        HttpResponse<String> answer = batch("/api/tiny", "/api/boom", "/api/tiny");

        assertThat(statuses(answer)).containsExactly(200, 500, 200);
        assertThat(item(answer, 1).at("/headers/Content-Type").textValue()).isEqualTo("application/problem+json");
    }

    @Test
    void whatMayPassIsSaidToBeRetryable() {
        HttpResponse<String> answer = batch("/api/tiny", "/api/flaky?rate=1");

        assertThat(statuses(answer)).containsExactly(200, 503);
        assertThat(json(answer).at("/summary/retryable/0").textValue()).isEqualTo("1");
        assertThat(json(answer).at("/summary/retryAfter").intValue()).isEqualTo(1);
    }

    @Test
    void theContainersConstraintHoldsForItems() {
        String batch = requests("/admin/figures");

        HttpResponse<String> nobody = visitor.postJson("/batch", batch);
        HttpResponse<String> administrator =
                visitor.postJson("/batch", batch, "Authorization", basic("admin", "admin"));

        assertThat(statuses(nobody)).containsExactly(401);
        assertThat(statuses(administrator)).containsExactly(200);
        assertThat(item(administrator, 0).at("/body/user").textValue()).isEqualTo("admin");
    }

    @Test
    void theSessionOfTheBatchIsThatOfItsItems() {
        assertThat(statuses(batch("/api/me", "/api/orders"))).containsExactly(401, 401);

        visitor.logIn();

        assertThat(statuses(batch("/api/me", "/api/orders"))).containsExactly(200, 200);
    }

    @Test
    void aLoginInABatchGivesTheCookieToTheClientAndNotToTheEnvelope() {
        HttpResponse<String> answer = visitor.postJson("/batch", """
                {"requests": [{"id": "in", "method": "POST", "url": "/login",
                               "body": {"user": "demo", "password": "demo"}}]}
                """);

        assertThat(statuses(answer)).containsExactly(200);
        assertThat(header(answer, "Set-Cookie")).startsWith("JSESSIONID=").contains("HttpOnly");
        assertThat(answer.body().toLowerCase(Locale.ROOT)).doesNotContain("set-cookie", "jsessionid");
        assertThat(visitor.get("/api/me").statusCode()).isEqualTo(200);
    }

    @Test
    void clientsOfODataAndGraphHaveAnEndpointBelowTheRootOfTheApi() {
        HttpResponse<String> answer =
                visitor.postJson("/api/$batch", requests("/products/1", "/api/products/2", "products/9999"));

        assertThat(statuses(200, answer)).containsExactly(200, 200, 404);
        assertThat(json(answer).has("summary")).isFalse();
    }

    @Test
    void anItemCannotBeABatchForTheOtherEndpoint() {
        assertThat(statuses(visitor.postJson("/batch", """
                {"requests": [{"id": "1", "method": "POST", "url": "/api/$batch", "body": {"requests": []}}]}
                """))).containsExactly(400);
        assertThat(statuses(200, visitor.postJson("/api/$batch", """
                {"requests": [{"id": "1", "method": "POST", "url": "../batch", "body": {"requests": []}}]}
                """))).containsExactly(400);
    }

    @Test
    void writesInABatchHappenInTheirOrder() {
        HttpResponse<String> answer = visitor.postJson("/batch", """
                {"requests": [
                  {"id": 1, "method": "PUT", "url": "/api/products/5/stock", "body": {"quantity": 1}},
                  {"id": 2, "method": "GET", "url": "/api/products/5/stock"},
                  {"id": 3, "method": "PUT", "url": "/api/products/5/stock", "body": {"quantity": -1}},
                  {"id": 4, "method": "PUT", "url": "/api/products/5/stock", "body": {"quantity": 2}},
                  {"id": 5, "method": "GET", "url": "/api/products/5/stock"}]}
                """);

        assertThat(statuses(answer)).containsExactly(200, 200, 422, 200, 200);
        assertThat(item(answer, 1).at("/body/quantity").intValue()).isEqualTo(1);
        assertThat(item(answer, 4).at("/body/quantity").intValue()).isEqualTo(2);
    }

    private HttpResponse<String> batch(String... urls) {
        return visitor.postJson("/batch", requests(urls));
    }

    /** GETs whose ids are their places. */
    private static String requests(String... urls) {
        return IntStream.range(0, urls.length)
                .mapToObj(i -> "{\"id\": \"%d\", \"method\": \"GET\", \"url\": \"%s\"}".formatted(i, urls[i]))
                .collect(Collectors.joining(", ", "{\"requests\": [", "]}"));
    }
}
