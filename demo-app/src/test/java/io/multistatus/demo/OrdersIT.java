package io.multistatus.demo;

import static io.multistatus.demo.Visitor.header;
import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders line by line, and reservations, each in a request of its own. */
class OrdersIT {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private final Visitor nobody = demo.visitor();
    private final Visitor visitor = demo.visitor();
    private final Visitor another = demo.visitor();

    @BeforeEach
    void logIn() {
        visitor.logIn();
        another.logIn("ada");
    }

    @Test
    void anOrderBeginsEmptyWithOrWithoutABody() {
        HttpResponse<String> without = visitor.send("POST", "/api/orders", null);
        HttpResponse<String> with = visitor.postJson("/api/orders", "{}");

        assertThat(without.statusCode()).isEqualTo(201);
        assertThat(with.statusCode()).isEqualTo(201);
        assertThat(json(without).get("customer").textValue()).isEqualTo("demo");
        assertThat(json(without).get("items").intValue()).isZero();
        assertThat(visitor.get(header(without, "Location")).body()).isEqualTo(without.body());
        assertThat(visitor.get(header(without, "Location") + "/lines").body()).isEqualTo("[]");
    }

    @Test
    void linesAddUpInTheOrderTheyCame() {
        String order = newOrder(visitor);

        HttpResponse<String> first = visitor.postJson(order + "/lines", "{\"product\": 7, \"quantity\": 2}");
        visitor.postJson(order + "/lines", "{\"product\": 1, \"quantity\": 1}");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(visitor.get(header(first, "Location")).body()).isEqualTo(first.body());
        assertThat(json(visitor.get(order + "/lines")).findValuesAsText("product"))
                .containsExactly("7", "1");
        JsonNode found = json(visitor.get(order));
        assertThat(found.get("items").intValue()).isEqualTo(3);
        assertThat(found.get("totalCents").intValue()).isEqualTo(2 * 5490 + 2490);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"product\": 1, \"quantity\": 0}    | quantity",
                "{\"product\": 1, \"quantity\": 1001} | quantity",
                "{\"product\": 1}                     | quantity",
                "{\"product\": 9999, \"quantity\": 1} | product"
            })
    void aLineThatCannotBeIsRefusedAndNotThere(String body, String culprit) {
        String order = newOrder(visitor);

        HttpResponse<String> refused = visitor.postJson(order + "/lines", body);

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json(refused).get("errors").findValuesAsText("field")).containsExactly(culprit);
        assertThat(visitor.get(order + "/lines").body()).isEqualTo("[]");
    }

    @Test
    void anOrderIsNotThereForAnybodyElse() {
        String order = newOrder(visitor);
        String line = header(visitor.postJson(order + "/lines", "{\"product\": 1, \"quantity\": 1}"), "Location");

        assertThat(another.get(order).statusCode()).isEqualTo(404);
        assertThat(another.get(order + "/lines").statusCode()).isEqualTo(404);
        assertThat(another.get(line).statusCode()).isEqualTo(404);
        assertThat(another.postJson(order + "/lines", "{\"product\": 1, \"quantity\": 1}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(json(visitor.get(order)).get("items").intValue()).isEqualTo(1);
    }

    @Test
    void whatIsNoPartOfAnOrderIsNotFound() {
        String order = newOrder(visitor);
        String line = header(visitor.postJson(order + "/lines", "{\"product\": 1, \"quantity\": 1}"), "Location");
        String sameLineOfAnotherOrder = newOrder(visitor) + line.substring(order.length());

        assertThat(visitor.get(sameLineOfAnotherOrder).statusCode()).isEqualTo(404);
        assertThat(visitor.get(order + "/nothing").statusCode()).isEqualTo(404);
        assertThat(visitor.get(order + "/nothing/1").statusCode()).isEqualTo(404);
        assertThat(visitor.get(line + "/more").statusCode()).isEqualTo(404);
        assertThat(visitor.postJson("/api/orders/9999/lines", "{}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aCartThatIsNoneIsNotTakenForNone() {
        HttpResponse<String> refused = visitor.postJson("/api/orders", "{\"cart\": null}");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json(refused).at("/errors/0/field").textValue()).isEqualTo("cart");
    }

    @Test
    void aReservationTakesFromWhatIsFree() {
        String order = newOrder(visitor);

        HttpResponse<String> reserved = visitor.postJson("/api/products/10/reservations", reservation(order, 3));

        assertThat(reserved.statusCode()).isEqualTo(201);
        assertThat(json(reserved).get("product").intValue()).isEqualTo(10);
        assertThat(json(reserved).get("quantity").intValue()).isEqualTo(3);
        String location = header(reserved, "Location");
        assertThat(visitor.get(location).body()).isEqualTo(reserved.body());
        assertThat(another.get(location).statusCode()).isEqualTo(404);
        assertThat(nobody.get(location).statusCode()).isEqualTo(401);
        assertThat(visitor.get(location.replace("/10/", "/11/")).statusCode()).isEqualTo(404);
        assertThat(json(visitor.get("/api/products/10/stock")).get("reserved").intValue())
                .isEqualTo(3);
        assertThat(visitor.sendJson("PUT", "/api/products/10/stock", "{\"quantity\": 2}")
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    void moreThanIsFreeIsAConflictThatSaysHowManyAre() {
        String order = newOrder(visitor);
        visitor.sendJson("PUT", "/api/products/11/stock", "{\"quantity\": 5}");
        visitor.postJson("/api/products/11/reservations", reservation(order, 3));
        String before = visitor.get("/api/products/11/stock").body();

        HttpResponse<String> tooMany = visitor.postJson("/api/products/11/reservations", reservation(order, 3));
        HttpResponse<String> soldOut = visitor.postJson("/api/products/60/reservations", reservation(order, 1));

        assertThat(tooMany.statusCode()).isEqualTo(409);
        assertThat(header(tooMany, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(json(tooMany).get("detail").textValue()).startsWith("Only 2 are left of '");
        assertThat(soldOut.statusCode()).isEqualTo(409);
        assertThat(json(soldOut).get("detail").textValue()).startsWith("None is left of '");
        assertThat(visitor.get("/api/products/11/stock").body())
                .isEqualTo(before)
                .isEqualTo("{\"product\":11,\"quantity\":5,\"reserved\":3}");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1001})
    void aQuantityThatCannotBeIsNamed(int quantity) {
        HttpResponse<String> refused =
                visitor.postJson("/api/products/12/reservations", reservation(newOrder(visitor), quantity));

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json(refused).get("errors").findValuesAsText("field")).containsExactly("quantity");
    }

    @Test
    void nobodyReservesForAnOrderThatIsNotTheirs() {
        String stock = nobody.get("/api/products/13/stock").body();
        String theirs = newOrder(another);

        HttpResponse<String> refused = visitor.postJson("/api/products/13/reservations", reservation(theirs, 1));

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json(refused).at("/errors/0/field").textValue()).isEqualTo("order");
        assertThat(nobody.postJson("/api/products/13/reservations", reservation(theirs, 1))
                        .statusCode())
                .isEqualTo(401);
        assertThat(nobody.get("/api/products/13/stock").body()).isEqualTo(stock);
    }

    @Test
    void aProductThatIsNotThereCannotBeReserved() {
        assertThat(visitor.postJson("/api/products/9999/reservations", reservation(newOrder(visitor), 1))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void reservationsAreNotListed() {
        HttpResponse<String> refused = visitor.get("/api/products/1/reservations");

        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(header(refused, "Allow")).isEqualTo("POST");
    }

    private static String newOrder(Visitor customer) {
        return header(customer.send("POST", "/api/orders", null), "Location");
    }

    private static String reservation(String order, int quantity) {
        return "{\"order\": %s, \"quantity\": %d}".formatted(order.substring(order.lastIndexOf('/') + 1), quantity);
    }
}
