package io.multistatus.apps.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** What anybody may ask for. */
@RestController
@RequestMapping("/public")
class PublicController {
    private final Visit visit;

    PublicController(Visit visit) {
        this.visit = visit;
    }

    /** An order as a client posts it. */
    record Order(@NotBlank String article, @Min(1) @Max(10) int pieces) {}

    @GetMapping("/echo")
    Map<String, Object> echo(HttpServletRequest request) {
        ServletRequestAttributes bound = (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
        Map<String, Object> seen = new TreeMap<>();
        seen.put("method", bound.getRequest().getMethod());
        seen.put("url", ServletUriComponentsBuilder.fromCurrentRequest().toUriString());
        seen.put("base", ServletUriComponentsBuilder.fromCurrentContextPath().toUriString());
        seen.put("context", request.getContextPath());
        seen.put("remote", request.getRemoteAddr());
        seen.put("secure", request.isSecure());
        seen.put("locale", LocaleContextHolder.getLocale());
        seen.put("parameters", request.getParameterMap());
        seen.put("user", SecurityContextHolder.getContext().getAuthentication().getName());
        seen.put("forwarded", String.valueOf(request.getHeader("X-Forwarded-Proto")));
        seen.put("mark", String.valueOf(request.getHeader("X-Mark")));
        visit.call();
        seen.put("calls", visit.call());
        return seen;
    }

    @GetMapping("/number/{n}")
    int number(@PathVariable("n") int n) {
        return n;
    }

    @GetMapping("/needs")
    String needs(@RequestParam("it") String it) {
        return it;
    }

    @GetMapping(path = "/json", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, String> json() {
        return Map.of("a", "\u00e4");
    }

    @GetMapping("/etag")
    ResponseEntity<Map<String, Integer>> etag() {
        return ResponseEntity.ok()
                .eTag("\"v1\"")
                .lastModified(1_700_000_000_000L)
                .body(Map.of("n", 1));
    }

    @GetMapping("/redirect")
    ModelAndView redirect() {
        return new ModelAndView("redirect:/public/echo?from=redirect");
    }

    @GetMapping("/forward")
    ModelAndView forward() {
        return new ModelAndView("forward:/public/json");
    }

    @GetMapping("/link")
    String link(HttpServletRequest request, HttpServletResponse response) {
        request.getSession();
        return response.encodeURL("/public/echo");
    }

    @GetMapping("/teapot")
    void teapot(HttpServletResponse response) throws IOException {
        response.sendError(418, "short and stout");
    }

    @GetMapping("/gone")
    void gone() {
        throw new ResponseStatusException(HttpStatus.GONE, "sold out");
    }

    @GetMapping("/boom")
    void boom() {
        throw new IllegalStateException("as planned");
    }

    @GetMapping("/conflict")
    void conflict() {
        throw new OutOfStockException("moka pot");
    }

    @GetMapping("/cookie")
    ResponseEntity<String> cookie() {
        return ResponseEntity.ok()
                .header(
                        HttpHeaders.SET_COOKIE,
                        ResponseCookie.from("taste", "sweet")
                                .httpOnly(true)
                                .build()
                                .toString())
                .header(
                        HttpHeaders.SET_COOKIE,
                        ResponseCookie.from("size", "small")
                                .path("/public")
                                .build()
                                .toString())
                .body("two cookies");
    }

    @PostMapping("/orders")
    ResponseEntity<Order> order(@Valid @RequestBody Order order) {
        return ResponseEntity.created(URI.create("/public/orders/1")).body(order);
    }

    @PostMapping(path = "/form", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    String form(@RequestParam("name") String name, @Valid FormOrder order) {
        return name + " " + order.pieces();
    }

    /** A form that is bound to an object. */
    record FormOrder(@Min(1) int pieces) {}

    /** Parameters of a PUT are read by Spring's FormContentFilter. */
    @PutMapping("/form")
    String putForm(@RequestParam("name") String name) {
        return name;
    }

    @PostMapping(path = "/upload", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    Map<String, Object> upload(@RequestPart("file") MultipartFile file, @RequestParam("title") String title)
            throws IOException {
        Map<String, Object> seen = new TreeMap<>();
        seen.put("name", String.valueOf(file.getOriginalFilename()));
        seen.put("bytes", file.getBytes().length);
        seen.put("title", title);
        return seen;
    }
}
