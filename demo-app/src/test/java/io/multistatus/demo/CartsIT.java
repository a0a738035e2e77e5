package io.multistatus.demo;

import static io.multistatus.demo.Visitor.header;
import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CartsIT {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private final Visitor visitor = demo.visitor();

    @Test
    void aNewCartIsFoundAtItsLocation() {
        HttpResponse<String> created = visitor.postJson("/api/carts", "{\"customer\": \"Ada\"}");

        assertThat(created.statusCode()).isEqualTo(201);
        HttpResponse<String> found = visitor.get(header(created, "Location"));
        assertThat(found.statusCode()).isEqualTo(200);
        assertThat(found.body()).isEqualTo(created.body());
        assertThat(json(found).get("customer").textValue()).isEqualTo("Ada");
    }

    @Test
    void aCartNeedsNoBody() {
        assertThat(visitor.send("POST", "/api/carts", null).statusCode()).isEqualTo(201);
    }

    @Test
    void linesAddUpInTheOrderTheyCame() {
        String cart = newCart();

        HttpResponse<String> first = visitor.postJson(cart + "/lines", "{\"product\": 7, \"quantity\": 2}");
        visitor.postJson(cart + "/lines", "{\"product\": 1, \"quantity\": 1}");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(visitor.get(header(first, "Location")).body()).isEqualTo(first.body());
        JsonNode found = json(visitor.get(cart));
        assertThat(found.get("lines").findValuesAsText("product")).containsExactly("7", "1");
        assertThat(found.get("totalCents").longValue()).isEqualTo(2 * 5490 + 2490);
    }

    @Test
    void everyFieldThatIsWrongIsNamed() {
        HttpResponse<String> response = visitor.postJson(newCart() + "/lines", "{\"product\": \"x\", \"quantity\": 0}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).get("errors").findValuesAsText("field")).containsExactly("product", "quantity");
        assertThat(json(response).at("/errors/0/message").textValue()).endsWith("not \"x\"");
    }

    @Test
    void aProductThatIsNotInTheCatalogueIsNamed() {
        HttpResponse<String> response = visitor.postJson(newCart() + "/lines", "{\"product\": 9999, \"quantity\": 1}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).at("/errors/0/field").textValue()).isEqualTo("product");
    }

    @Test
    void aCustomerOfBlanksIsRefused() {
        assertThat(visitor.postJson("/api/carts", "{\"customer\": \" \"}").statusCode())
                .isEqualTo(422);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        String cart = newCart();
        String line = header(visitor.postJson(cart + "/lines", "{\"product\": 1, \"quantity\": 1}"), "Location");
        String sameLineOfAnotherCart = newCart() + line.substring(cart.length());

        assertThat(visitor.get("/api/carts/9999").statusCode()).isEqualTo(404);
        assertThat(visitor.postJson("/api/carts/9999/lines", "{}").statusCode()).isEqualTo(404);
        assertThat(visitor.get(sameLineOfAnotherCart).statusCode()).isEqualTo(404);
        assertThat(visitor.get(cart + "/nothing").statusCode()).isEqualTo(404);
    }

    private String newCart() {
        return header(visitor.postJson("/api/carts", "{}"), "Location");
    }
}
