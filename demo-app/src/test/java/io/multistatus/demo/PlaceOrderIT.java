package io.multistatus.demo;

import static io.multistatus.demo.Envelope.item;
import static io.multistatus.demo.Envelope.items;
import static io.multistatus.demo.Envelope.statuses;
import static io.multistatus.demo.Visitor.basic;
import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An order, its lines and their reservations in one batch: all of it, or nothing. */
class PlaceOrderIT {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private final Visitor visitor = demo.visitor();

    @BeforeEach
    void logIn() {
        visitor.logIn();
    }

    @Test
    void anOrderWithThreeLinesIsOneRequest() {
        HttpResponse<String> answer = place(visitor, order("g", new Line(7, 2), new Line(1, 1), new Line(20, 3)));

        assertThat(statuses(answer)).hasSize(7).containsOnly(201);
        String order = item(answer, 0).at("/headers/Location").textValue();
        JsonNode lines = json(visitor.get(order + "/lines"));
        assertThat(lines.findValuesAsText("product")).containsExactly("7", "1", "20");
        assertThat(lines.findValuesAsText("quantity")).containsExactly("2", "1", "3");
        assertThat(json(visitor.get(order)).get("items").intValue()).isEqualTo(6);
        assertThat(reserved(7)).isEqualTo(2);
        assertThat(reserved(1)).isEqualTo(1);
        assertThat(reserved(20)).isEqualTo(3);
        assertThat(items(answer).subList(4, 7))
                .allSatisfy(item -> assertThat(
                                visitor.get(item.at("/headers/Location").textValue())
                                        .body())
                        .isEqualTo(item.get("body").toString()));
    }

    @Test
    void oversellingOneLineLeavesNothingOfTheOrder() {
        setQuantity(12, 5);
        String before = everything(8, 9, 12);

        HttpResponse<String> answer = place(visitor, order("g", new Line(8, 1), new Line(9, 1), new Line(12, 6)));

        assertThat(statuses(answer)).containsExactly(424, 424, 424, 424, 424, 424, 409);
        assertThat(item(answer, 6).at("/body/detail").textValue())
                .startsWith("Only 5 are left of '")
                .endsWith("', and 6 were asked for");
        assertThat(items(answer).subList(0, 6)).allSatisfy(item -> {
            assertThat(item.at("/body/type").textValue()).isEqualTo("urn:multistatus:rolled-back");
            assertThat(item.at("/body/culprit").textValue()).isEqualTo("g-stock3");
        });
        assertThat(everything(8, 9, 12)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"7, 0, 422", "9999, 1, 422"})
    void aLineThatCannotBeLeavesNothingOfTheOrder(int product, int quantity, int status) {
        String before = everything(8, 9);

        HttpResponse<String> answer =
                place(visitor, order("g", new Line(8, 1), new Line(product, quantity), new Line(9, 1)));

        assertThat(statuses(answer)).containsExactly(424, 424, status, 424, 424, 424, 424);
        assertThat(items(answer).stream()
                        .filter(item -> item.get("status").intValue() == 424)
                        .map(item -> item.at("/body/culprit").textValue()))
                .hasSize(6)
                .containsOnly("g-line2");
        assertThat(everything(8, 9)).isEqualTo(before);
    }

    @Test
    void withoutALoginThereIsNoOrderAndNothingIsReserved() {
        String before = everything(8, 9, 10);

        HttpResponse<String> answer =
                place(demo.visitor(), order("g", new Line(8, 1), new Line(9, 1), new Line(10, 1)));

        assertThat(statuses(answer)).containsExactly(401, 424, 424, 424, 424, 424, 424);
        assertThat(item(answer, 6).at("/body/culprit").textValue()).isEqualTo("g-order");
        assertThat(everything(8, 9, 10)).isEqualTo(before);
    }

    @Test
    void anotherOrderInTheSameBatchStands() {
        setQuantity(14, 1);

        HttpResponse<String> answer =
                place(visitor, order("bad", new Line(8, 1), new Line(14, 2)), order("good", new Line(14, 1)));

        assertThat(statuses(answer)).containsExactly(424, 424, 424, 424, 409, 201, 201, 201);
        assertThat(reserved(14)).isEqualTo(1);
    }

    @Test
    void aCartIsOrderedInAGroupToo() {
        setQuantity(15, 2);
        String before = everything(15);

        HttpResponse<String> refused = visitor.postJson("/batch", batch(List.of(orderOfACart(3))));

        assertThat(statuses(refused)).containsExactly(424, 424, 424, 409);
        assertThat(everything(15)).isEqualTo(before);

        HttpResponse<String> placed = visitor.postJson("/batch", batch(List.of(orderOfACart(2))));

        assertThat(statuses(placed)).containsOnly(201);
        assertThat(item(placed, 2).at("/body/items").intValue()).isEqualTo(2);
        assertThat(reserved(15)).isEqualTo(2);
    }

    @Test
    void oneOfTwoOrdersInABatchGetsTheLastPiece() {
        for (int round = 0; round < 10; round++) {
            leaveOne(16);

            HttpResponse<String> answer = visitor.postJson(
                    "/batch",
                    batch(List.of(
                            order("a", new Line(17, 1), new Line(16, 1)),
                            order("b", new Line(17, 1), new Line(16, 1)))),
                    "Prefer",
                    "execution=parallel");

            List<Integer> statuses = statuses(answer);
            assertThat(List.of(statuses.subList(0, 5), statuses.subList(5, 10)))
                    .containsExactlyInAnyOrder(List.of(201, 201, 201, 201, 201), List.of(424, 424, 424, 424, 409));
            assertThat(free(16)).isZero();
            assertThat(reserved(17)).isEqualTo(round + 1);
        }
    }

    @Test
    void oneOfTwoShoppersGetsTheLastPiece() throws Exception {
        Visitor ada = demo.visitor();
        ada.logIn("ada");
        for (int round = 0; round < 10; round++) {
            leaveOne(18);
            String order = batch(List.of(order("g", new Line(19, 1), new Line(18, 1))));

            List<HttpResponse<String>> answers = atOnce(visitor, order, ada, order);

            assertThat(List.of(statuses(answers.get(0)), statuses(answers.get(1))))
                    .containsExactlyInAnyOrder(List.of(201, 201, 201, 201, 201), List.of(424, 424, 424, 424, 409));
            assertThat(free(18)).isZero();
            assertThat(reserved(19)).isEqualTo(round + 1);
        }
    }

    /** The database ends one of two transactions that wait for each other; that is nobody's fault and no bug. */
    @Test
    void shoppersWhoAreInEachOthersWayGetAllOrNothing() throws Exception {
        Visitor ada = demo.visitor();
        ada.logIn("ada");
        setQuantity(21, 100);
        setQuantity(22, 100);
        int placed = 0;
        for (int round = 0; round < 10; round++) {
            List<HttpResponse<String>> answers = atOnce(
                    visitor,
                    batch(List.of(order("g", new Line(21, 1), new Line(22, 1)))),
                    ada,
                    batch(List.of(order("g", new Line(22, 1), new Line(21, 1)))));

            for (HttpResponse<String> answer : answers) {
                if (statuses(answer).get(0) == 201) {
                    assertThat(statuses(answer)).containsOnly(201);
                    placed++;
                } else {
                    assertThat(statuses(answer)).containsOnlyOnce(503).containsOnly(503, 424);
                }
            }
            assertThat(reserved(21)).isEqualTo(placed);
            assertThat(reserved(22)).isEqualTo(placed);
        }
        assertThat(placed).isPositive();
    }

    /** What both are answered with, who send their batches at the same time. */
    private static List<HttpResponse<String>> atOnce(Visitor one, String batch, Visitor other, String otherBatch)
            throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<HttpResponse<String>>> answers = threads.invokeAll(List.of(
                    () -> {
                        start.await(30, TimeUnit.SECONDS);
                        return one.postJson("/batch", batch);
                    },
                    () -> {
                        start.await(30, TimeUnit.SECONDS);
                        return other.postJson("/batch", otherBatch);
                    }));
            return List.of(answers.get(0).get(), answers.get(1).get());
        } finally {
            threads.shutdownNow();
        }
    }

    private record Line(int product, int quantity) {}

    private static HttpResponse<String> place(Visitor customer, String... orders) {
        return customer.postJson("/batch", batch(List.of(orders)));
    }

    private static String batch(List<String> items) {
        return items.stream().collect(Collectors.joining(",\n", "{\"requests\": [\n", "]}"));
    }

    /** The items of one group, in whose ids its name is: an order, then its lines, then their reservations. */
    private static String order(String group, Line... lines) {
        List<String> items = new ArrayList<>();
        items.add("""
                {"id": "%1$s-order", "atomicityGroup": "%1$s", "method": "POST", "url": "/api/orders"}""".formatted(group));
        IntStream.range(0, lines.length)
                .forEach(i -> items.add("""
                {"id": "%1$s-line%2$d", "atomicityGroup": "%1$s", "method": "POST", "dependsOn": ["%1$s-order"],
                 "url": "/api/orders/{$%1$s-order.body#/id}/lines", "body": {"product": %3$d, "quantity": %4$d}}""".formatted(group, i + 1, lines[i].product(), lines[i].quantity())));
        IntStream.range(0, lines.length)
                .forEach(i -> items.add("""
                {"id": "%1$s-stock%2$d", "atomicityGroup": "%1$s", "method": "POST", "dependsOn": ["%1$s-order"],
                 "url": "/api/products/%3$d/reservations",
                 "body": {"order": "{$%1$s-order.body#/id}", "quantity": %4$d}}""".formatted(group, i + 1, lines[i].product(), lines[i].quantity())));
        return String.join(",\n", items);
    }

    /** Some of product 15 by way of a cart. */
    private static String orderOfACart(int quantity) {
        return """
                {"id": "cart", "atomicityGroup": "g", "method": "POST", "url": "/api/carts"},
                {"id": "line", "atomicityGroup": "g", "method": "POST", "url": "/api/carts/{$cart.body#/id}/lines",
                 "body": {"product": 15, "quantity": %1$d}, "dependsOn": ["cart"]},
                {"id": "order", "atomicityGroup": "g", "method": "POST", "url": "/api/orders",
                 "body": {"cart": "{$cart.body#/id}"}, "dependsOn": ["cart"]},
                {"id": "stock", "atomicityGroup": "g", "method": "POST", "url": "/api/products/15/reservations",
                 "body": {"order": "{$order.body#/id}", "quantity": %1$d}, "dependsOn": ["order"]}""".formatted(quantity);
    }

    private void leaveOne(int product) {
        setQuantity(product, reserved(product) + 1);
    }

    private void setQuantity(int product, int quantity) {
        HttpResponse<String> set =
                visitor.sendJson("PUT", "/api/products/" + product + "/stock", "{\"quantity\": " + quantity + "}");
        assertThat(set.statusCode()).isEqualTo(200);
    }

    private int free(int product) {
        JsonNode stock = json(visitor.get("/api/products/" + product + "/stock"));
        return stock.get("quantity").intValue() - stock.get("reserved").intValue();
    }

    private int reserved(int product) {
        return json(visitor.get("/api/products/" + product + "/stock"))
                .get("reserved")
                .intValue();
    }

    /** The visitor's orders, the stock of some products, and how much there is of everybody's orders and carts. */
    private String everything(int... products) {
        String stock = IntStream.of(products)
                .mapToObj(product ->
                        visitor.get("/api/products/" + product + "/stock").body())
                .collect(Collectors.joining("\n"));
        return String.join(
                "\n",
                visitor.get("/api/orders").body(),
                visitor.get("/admin/figures", "Authorization", basic("admin", "admin"))
                        .body(),
                stock);
    }
}
