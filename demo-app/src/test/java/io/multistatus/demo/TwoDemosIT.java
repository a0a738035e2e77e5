package io.multistatus.demo;

import static io.multistatus.demo.Visitor.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.demo.support.PostgresServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two shops that share a PostgreSQL. */
class TwoDemosIT {
    private static final String URL = PostgresServer.urlOfNewDatabase();

    @RegisterExtension
    static final RunningDemo one = new RunningDemo(URL);

    @RegisterExtension
    static final RunningDemo other = new RunningDemo(URL);

    private final Visitor atOne = one.visitor();
    private final Visitor atOther = other.visitor();

    @Test
    void whatIsMadeAtOneIsThereAtTheOther() {
        HttpResponse<String> cart = atOne.postJson("/api/carts", "{\"customer\": \"Ada\"}");

        assertThat(atOther.get(header(cart, "Location")).body()).isEqualTo(cart.body());
    }

    @Test
    void anOrderIsPlacedAsAWholeOrNotAtAll() {
        String order = """
                {"requests": [
                  {"id": "order", "atomicityGroup": "g", "method": "POST", "url": "/api/orders"},
                  {"id": "line",  "atomicityGroup": "g", "method": "POST", "url": "/api/orders/{$order.body#/id}/lines",
                   "body": {"product": 7, "quantity": 1}, "dependsOn": ["order"]},
                  {"id": "stock", "atomicityGroup": "g", "method": "POST", "url": "/api/products/7/reservations",
                   "body": {"order": "{$order.body#/id}", "quantity": 1}, "dependsOn": ["order"]}]}""";
        atOne.logIn();
        atOther.logIn();

        assertThat(Envelope.statuses(atOne.postJson("/batch", order))).containsExactly(201, 201, 201);
        String orders = atOther.get("/api/orders").body();
        HttpResponse<String> oversold = atOther.postJson("/batch", order.replace("\"quantity\": 1", "\"quantity\": 9"));

        assertThat(Envelope.statuses(oversold)).containsExactly(424, 424, 409);
        assertThat(atOne.get("/api/orders").body()).isEqualTo(orders);
        assertThat(atOne.get("/api/products/7/stock").body()).contains("\"reserved\":1");
    }

    @Test
    void ofTwoBatchesWithTheSameKeyOneRuns() throws Exception {
        String body = """
                {"requests": [
                  {"id": 1, "method": "POST", "url": "/api/imports/shared/rows", "body": {"number": 1, "sku": "S-1", "priceCents": 1}},
                  {"id": 2, "method": "POST", "url": "/api/imports/shared/rows", "body": {"number": 2, "sku": "S-2", "priceCents": 2}}]}""";
        CyclicBarrier both = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 20; round++) {
                String key = "\"round-" + round + "\"";
                List<Future<HttpResponse<String>>> answers = threads.invokeAll(
                        List.of(() -> postAtOnce(atOne, body, key, both), () -> postAtOnce(atOther, body, key, both)));
                for (Future<HttpResponse<String>> answer : answers) {
                    assertThat(Envelope.statuses(answer.get())).allMatch(status -> status == 201 || status == 409);
                }
                // Who came while the other was at it is told to come again.
                assertThat(Envelope.statuses(atOne.postJson("/batch", body, "Idempotency-Key", key)))
                        .containsExactly(201, 201);
                assertThat(atOther.get("/api/imports/shared").body())
                        .isEqualTo("{\"name\":\"shared\",\"rows\":%d,\"distinct\":2}", 2 * (round + 1));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static HttpResponse<String> postAtOnce(Visitor visitor, String body, String key, CyclicBarrier both)
            throws Exception {
        both.await(30, TimeUnit.SECONDS);
        return visitor.postJson("/batch", body, "Idempotency-Key", key);
    }
}
