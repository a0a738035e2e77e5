package io.multistatus.demo;

import static io.multistatus.demo.Visitor.header;
import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProductsIT {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private final Visitor visitor = demo.visitor();

    @Test
    void aProductIsJson() {
        HttpResponse<String> response = visitor.get("/api/products/1");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        assertThat(response.body())
                .isEqualTo("{\"id\":1,\"sku\":\"CO-001\",\"name\":\"Moka pot, 3 cups\",\"category\":\"coffee\","
                        + "\"priceCents\":2490}");
    }

    @Test
    void theListIsCutByCategoryOffsetAndLimit() {
        assertThat(json(visitor.get("/api/products")).get("products")).hasSize(60);
        assertThat(json(visitor.get("/api/products?category=tea&offset=1&limit=2"))
                        .get("products")
                        .findValuesAsText("id"))
                .containsExactly("8", "9");
        assertThat(json(visitor.get("/api/products?category=none")).get("products"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"limit=0,limit", "limit=x,limit", "limit=101,limit", "offset=-1,offset"})
    void aBadParameterIsNamed(String query, String culprit) {
        HttpResponse<String> response = visitor.get("/api/products?" + query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(json(response).at("/errors/0/field").textValue()).isEqualTo(culprit);
        assertThat(json(response).get("detail").textValue()).contains("'" + culprit + "'", "not '");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999", "0", "-1", "one", "99999999999999", "1%20or%201=1"})
    void aProductThatIsNotThereIsAProblem(String id) {
        HttpResponse<String> response = visitor.get("/api/products/" + id);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).get("status").intValue()).isEqualTo(404);
    }

    @Test
    void theStockIsCountedAnew() {
        HttpResponse<String> put = visitor.sendJson("PUT", "/api/products/2/stock", "{\"quantity\": 5}");

        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(visitor.get("/api/products/2/stock").body())
                .isEqualTo("{\"product\":2,\"quantity\":5,\"reserved\":0}")
                .isEqualTo(put.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"quantity\": null}",
                "{\"quantity\": -1}",
                "{\"quantity\": 1.5}",
                "{\"quantity\": \"5\"}",
                "{\"quantity\": 99999999999999999999}"
            })
    void aStockThatCannotBeIsRefusedAndNothingChanges(String body) {
        HttpResponse<String> response = visitor.sendJson("PUT", "/api/products/3/stock", body);

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).at("/errors/0/field").textValue()).isEqualTo("quantity");
        assertThat(json(visitor.get("/api/products/3/stock")).get("quantity").intValue())
                .isEqualTo(250);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1]", "5", "{\"quantity\": 1"})
    void aBodyThatIsNoJsonObjectIsABadRequest(String body) {
        HttpResponse<String> response = visitor.sendJson("PUT", "/api/products/3/stock", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void aBodyOfAnotherTypeIsRefused() {
        HttpResponse<String> response =
                visitor.send("PUT", "/api/products/3/stock", "quantity=1", "Content-Type", "text/plain");

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(json(response).get("detail").textValue()).contains("application/json", "'text/plain'");
    }

    @Test
    void aBodyThatIsTooLongIsRefused() {
        HttpResponse<String> response =
                visitor.sendJson("PUT", "/api/products/3/stock", "{\"x\": \"" + "x".repeat(70_000) + "\"}");

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void aMethodThatIsNotThereIsRefusedWithThoseThatAre() {
        HttpResponse<String> response = visitor.send("DELETE", "/api/products/1/stock", null);

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "Allow")).isEqualTo("GET, HEAD, PUT");
    }

    @Test
    void aHeadHasTheHeadersOfTheGetAndNoBody() {
        HttpResponse<String> head = visitor.send("HEAD", "/api/products/1", null);

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length")).isEqualTo(header(visitor.get("/api/products/1"), "Content-Length"));
    }
}
