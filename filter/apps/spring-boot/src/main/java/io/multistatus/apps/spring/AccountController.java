package io.multistatus.apps.spring;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What needs a login, or leads to one. */
@RestController
class AccountController {
    private final Basket basket;

    AccountController(Basket basket) {
        this.basket = basket;
    }

    @GetMapping("/csrf")
    Map<String, String> csrf(CsrfToken token) {
        return Map.of("header", token.getHeaderName(), "token", token.getToken());
    }

    @GetMapping("/api/me")
    Map<String, Object> me(Authentication user, HttpServletRequest request) {
        Map<String, Object> seen = new TreeMap<>();
        seen.put("name", user.getName());
        seen.put("remoteUser", request.getRemoteUser());
        seen.put("admin", request.isUserInRole("ADMIN"));
        return seen;
    }

    @GetMapping("/api/admin")
    @PreAuthorize("hasRole('ADMIN')")
    String admin() {
        return "figures";
    }

    @PostMapping("/api/notes")
    String note(@RequestBody String note, Authentication user) {
        return user.getName() + " noted " + note;
    }

    @GetMapping("/api/basket")
    Map<String, Integer> basket() {
        return Map.of("things", basket.size());
    }

    @PostMapping("/api/basket")
    Map<String, Integer> add() {
        return Map.of("things", basket.add());
    }

    @GetMapping("/api/boom")
    void boom() {
        throw new IllegalStateException("as planned");
    }

    @GetMapping("/denied/to-batches")
    String denied() {
        return "only alone";
    }
}
