package io.multistatus.demo;

import static io.multistatus.demo.Visitor.basic;
import static io.multistatus.demo.Visitor.header;
import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginIT {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private final Visitor visitor = demo.visitor();

    @ParameterizedTest
    @ValueSource(strings = {"/api/me", "/api/orders", "/api/orders/1"})
    void withoutALoginTheseAreRefused(String path) {
        HttpResponse<String> response = visitor.get(path);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(header(response, "Set-Cookie")).isEmpty();
    }

    @Test
    void aLoginGivesACookieThatScriptsCannotRead() {
        HttpResponse<String> login = visitor.logIn();

        assertThat(login.statusCode()).isEqualTo(200);
        assertThat(header(login, "Set-Cookie"))
                .startsWith("JSESSIONID=")
                .contains("HttpOnly")
                .contains("SameSite=Lax");
        assertThat(visitor.get("/api/me").body()).isEqualTo("{\"user\":\"demo\"}");
    }

    @Test
    void aFormLogsInToo() {
        HttpResponse<String> login = visitor.send(
                "POST", "/login", "user=demo&password=demo", "Content-Type", "application/x-www-form-urlencoded");

        assertThat(login.statusCode()).isEqualTo(200);
        assertThat(visitor.get("/api/me").statusCode()).isEqualTo(200);
    }

    @Test
    void aSecondLoginChangesTheSessionId() {
        String first = header(visitor.logIn(), "Set-Cookie");

        assertThat(header(visitor.logIn(), "Set-Cookie"))
                .startsWith("JSESSIONID=")
                .isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"user\": \"demo\", \"password\": \"wrong\"}", "{\"user\": \"nobody\", \"password\": \"demo\"}"
            })
    void aWrongPasswordIsRefused(String body) {
        assertThat(visitor.postJson("/login", body).statusCode()).isEqualTo(401);
        assertThat(visitor.get("/api/me").statusCode()).isEqualTo(401);
    }

    @Test
    void aLoginWithoutItsFieldsNamesThem() {
        HttpResponse<String> response = visitor.postJson("/login", "{}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).get("errors").findValuesAsText("field")).containsExactly("user", "password");
    }

    @Test
    void afterLoggingOutNobodyIsLoggedIn() {
        visitor.logIn();

        assertThat(visitor.send("POST", "/logout", null).statusCode()).isEqualTo(204);

        assertThat(visitor.get("/api/me").statusCode()).isEqualTo(401);
    }

    @Test
    void anOrderHoldsWhatLayInTheCart() {
        visitor.logIn();
        String cart = header(visitor.postJson("/api/carts", "{}"), "Location");
        visitor.postJson(cart + "/lines", "{\"product\": 7, \"quantity\": 2}");
        String body = "{\"cart\": " + cart.substring(cart.lastIndexOf('/') + 1) + "}";

        HttpResponse<String> placed = visitor.postJson("/api/orders", body);

        assertThat(placed.statusCode()).isEqualTo(201);
        assertThat(json(placed).get("items").intValue()).isEqualTo(2);
        assertThat(json(placed).get("totalCents").intValue()).isEqualTo(10_980);
        assertThat(visitor.get(header(placed, "Location")).body()).isEqualTo(placed.body());
        assertThat(json(visitor.get("/api/orders")).get("orders").findValuesAsText("id"))
                .contains(json(placed).get("id").asText());
    }

    @Test
    void anEmptyCartCannotBeOrdered() {
        visitor.logIn();
        visitor.postJson("/api/carts", "{}");

        HttpResponse<String> response = visitor.postJson("/api/orders", "{\"cart\": 9999}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(json(response).at("/errors/0/field").textValue()).isEqualTo("cart");
    }

    @Test
    void theContainerLetsOnlyTheAdministratorSeeTheFigures() {
        visitor.logIn();

        HttpResponse<String> refused = visitor.get("/admin/figures");
        HttpResponse<String> wrong = visitor.get("/admin/figures", "Authorization", basic("admin", "guess"));
        HttpResponse<String> seen = visitor.get("/admin/figures", "Authorization", basic("admin", "admin"));

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(header(refused, "WWW-Authenticate")).startsWith("Basic realm=\"Shop administration\"");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(seen.statusCode()).isEqualTo(200);
        assertThat(json(seen).get("user").textValue()).isEqualTo("admin");
        assertThat(json(seen).at("/figures/products").intValue()).isEqualTo(60);
    }
}
