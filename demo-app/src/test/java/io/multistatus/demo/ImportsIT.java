package io.multistatus.demo;

import static io.multistatus.demo.Visitor.header;
import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportsIT {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private final Visitor visitor = demo.visitor();

    @Test
    void aRowIsAddedAndCanBeFetched() {
        HttpResponse<String> added = post("fetched", 7);

        assertThat(added.statusCode()).isEqualTo(201);
        assertThat(json(added).get("number").intValue()).isEqualTo(7);
        HttpResponse<String> fetched = visitor.get(header(added, "Location"));
        assertThat(fetched.statusCode()).isEqualTo(200);
        assertThat(fetched.body()).isEqualTo(added.body());
        assertThat(visitor.get(header(added, "Location").replace("fetched", "other"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void everyHundredthRowFailsOnceAndAnImportCountsWhatIsThere() {
        assertThat(post("counted", 99).statusCode()).isEqualTo(201);
        assertThat(post("counted", 100).statusCode()).isEqualTo(500);
        assertThat(count("counted")).isEqualTo("""
                {"name":"counted","rows":1,"distinct":1}""");
        assertThat(post("counted", 100).statusCode()).isEqualTo(201);
        assertThat(count("counted")).isEqualTo("""
                {"name":"counted","rows":2,"distinct":2}""");
    }

    @Test
    void aRowThatIsPostedTwiceIsThereTwiceUnlessItHasAKey() {
        post("twice", 1);
        post("twice", 1);
        assertThat(count("twice")).contains("\"rows\":2,\"distinct\":1");

        HttpResponse<String> first = post("twice", 2, "Idempotency-Key", "\"twice-2\"");
        HttpResponse<String> again = post("twice", 2, "Idempotency-Key", "\"twice-2\"");

        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(header(again, "Idempotency-Replayed")).isEqualTo("true");
        assertThat(count("twice")).contains("\"rows\":3,\"distinct\":2");
    }

    @Test
    void aBatchThatIsPostedAgainWithItsKeyAddsWhatHasFailed() {
        StringBuilder batch = new StringBuilder("{\"requests\": [");
        for (int number = 1; number <= 1000; number++) {
            batch.append(number == 1 ? "" : ",").append("""
                    {"id": %1$d, "method": "POST", "url": "/api/imports/again/rows", "body": %2$s}""".formatted(number, row(number)));
        }
        String body = batch.append("]}").toString();

        String first =
                visitor.postJson("/batch", body, "Idempotency-Key", "\"again\"").body();
        assertThat(first).contains("\"succeeded\":990,\"failed\":10");
        assertThat(count("again")).contains("\"rows\":990,\"distinct\":990");
        String second =
                visitor.postJson("/batch", body, "Idempotency-Key", "\"again\"").body();
        assertThat(second).contains("\"succeeded\":1000,\"failed\":0");
        assertThat(count("again")).contains("\"rows\":1000,\"distinct\":1000");
    }

    @Test
    void anImportThatIsDeletedBeginsAnew() {
        post("deleted", 1);
        post("deleted", 100);

        assertThat(visitor.send("DELETE", "/api/imports/deleted", null).statusCode())
                .isEqualTo(204);

        assertThat(count("deleted")).contains("\"rows\":0");
        assertThat(post("deleted", 100).statusCode()).isEqualTo(500);
    }

    @Test
    void aRowWithWrongFieldsIsRefusedWithAllOfThem() {
        HttpResponse<String> refused =
                visitor.postJson("/api/imports/refused/rows", "{\"number\": 0, \"sku\": \"\", \"priceCents\": 1.5}");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("\"number\"", "\"sku\"", "\"priceCents\"");
        assertThat(count("refused")).contains("\"rows\":0");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /api/imports,               404",
        "GET,    /api/imports/a%20b,         404",
        "POST,   /api/imports/x,             405",
        "GET,    /api/imports/x/rows,        405",
        "GET,    /api/imports/x/rows/1,      404",
        "DELETE, /api/imports/x/rows/1,      405",
        "GET,    /api/imports/x/columns,     404",
        "GET,    /api/imports/x/rows/1/more, 404"
    })
    void whatIsNotThereIsRefused(String method, String path, int status) {
        assertThat(visitor.send(method, path, null).statusCode()).isEqualTo(status);
    }

    private HttpResponse<String> post(String name, int number, String... headers) {
        return visitor.postJson("/api/imports/" + name + "/rows", row(number), headers);
    }

    private static String row(int number) {
        return """
                {"number": %1$d, "sku": "S-%1$d", "priceCents": 1990}""".formatted(number);
    }

    private String count(String name) {
        return visitor.get("/api/imports/" + name).body();
    }
}
