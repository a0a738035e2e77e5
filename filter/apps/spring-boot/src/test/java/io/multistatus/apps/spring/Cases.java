package io.multistatus.apps.spring;

import static io.multistatus.equivalence.RequestCase.get;

import io.multistatus.equivalence.RequestCase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Requests whose answers do not depend on those before. */
final class Cases {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";

    private Cases() {}

    /** What needs no login, and what is refused without. */
    static List<RequestCase> anonymous() {
        List<RequestCase> all = new ArrayList<>(List.of(
                get("/public/echo?a=1&b=%C3%A4&b=2").with("X-Mark", "own"),
                get("/public/echo").withOuter("Accept-Language", "de-AT").withOuter("X-Mark", "inherited"),
                RequestCase.of("HEAD", "/public/echo"),
                RequestCase.of("OPTIONS", "/public/echo"),
                RequestCase.of("DELETE", "/public/echo"),
                get("/public/missing"),
                get("/missing.txt"),
                get("/public/missing").with("Accept", "text/html"),
                get("/public/number/7"),
                get("/public/number/seven"),
                get("/public/needs"),
                get("/public/needs?it=here"),
                get("/public/json"),
                get("/public/json").with("Accept", "application/xml"),
                get("/public/etag"),
                get("/public/etag").named("v1").with("If-None-Match", "\"v1\""),
                get("/public/etag").named("v2").with("If-None-Match", "\"v2\""),
                get("/public/etag").named("later").with("If-Modified-Since", "Wed, 15 Nov 2023 00:00:00 GMT"),
                RequestCase.of("HEAD", "/public/etag"),
                get("/static.txt"),
                get("/static.txt").named("range").with("Range", "bytes=2-7"),
                get("/static.txt").named("two ranges").with("Range", "bytes=0-1,4-5"),
                get("/static.txt").named("beyond").with("Range", "bytes=9000-"),
                get("/static.txt").named("later").with("If-Modified-Since", "Fri, 01 Jan 2055 00:00:00 GMT"),
                get("/public/redirect"),
                get("/public/forward"),
                get("/public/link"),
                get("/public/teapot"),
                get("/public/teapot").named("as a page").with("Accept", "text/html"),
                get("/public/gone"),
                get("/public/boom"),
                get("/public/boom").named("as a page").with("Accept", "text/html"),
                get("/public/conflict"),
                get("/public/cookie"),
                get("/public/echo;x=1"),
                get("/public//echo"),
                get("/public/%2e%2e/api/me"),
                get("/public/%2fecho"),
                json("/public/orders", "{\"article\": \"Moka pot\", \"pieces\": 3}"),
                json("/public/orders", "{\"article\": \" \", \"pieces\": 30}").named("invalid"),
                json("/public/orders", "{\"article\": \"Moka").named("cut off"),
                json("/public/orders", "{\"article\": \"Moka pot\", \"pieces\": \"many\"}")
                        .named("ill-typed"),
                json("/public/orders", "").named("empty"),
                RequestCase.of("POST", "/public/orders"),
                RequestCase.of("POST", "/public/orders").body("text/plain", bytes("an order")),
                RequestCase.of("POST", "/public/form").body(FORM, bytes("name=K%C3%A4the&pieces=2")),
                RequestCase.of("POST", "/public/form").named("invalid").body(FORM, bytes("name=K&pieces=0")),
                RequestCase.of("POST", "/public/form?name=query").body(FORM, bytes("pieces=1")),
                RequestCase.of("PUT", "/public/form").body(FORM, bytes("name=put")),
                upload("/public/upload", "title"),
                upload("/public/upload", "wrong").named("without a title")));
        Stream.of(
                        "deferred",
                        "deferred-timeout",
                        "deferred-default",
                        "deferred-error",
                        "deferred-boom",
                        "callable",
                        "callable-throws",
                        "callable-boom",
                        "future",
                        "future-fails")
                .forEach(each -> all.add(get("/public/async/" + each)));
        Stream.of("body", "sse", "emitter").forEach(each -> all.add(get("/public/stream/" + each)));
        all.addAll(List.of(
                get("/api/me"),
                get("/api/me").named("for a page").with("Accept", "text/html"),
                get("/api/me").named("for a script").with("X-Requested-With", "XMLHttpRequest"),
                get("/api/admin"),
                get("/nowhere"),
                json("/api/notes", "\"without a token\""),
                basic(get("/api/me"), "user1", "user1"),
                basic(get("/api/me"), "user1", "wrong"),
                basic(get("/api/admin"), "user1", "user1"),
                basic(get("/api/admin"), "root", "root"),
                basic(get("/api/async/callable"), "user2", "user2"),
                basic(json("/api/notes", "\"without a token\""), "user1", "user1"),
                get("/api/me").named("BASIC from outside").withOuter("Authorization", basic("user3", "user3"))));
        return all;
    }

    /** What a user may do, or may not. */
    static List<RequestCase> within(Client.Login login) {
        RequestCase inherited = json("/api/notes", "\"noted\"").withOuter("Cookie", login.cookie());
        return List.of(
                inSession(get("/api/me"), login),
                inSession(get("/api/admin"), login),
                inSession(get("/api/admin").with("Accept", "text/html"), login),
                inSession(get("/api/boom"), login),
                inSession(get("/api/basket"), login),
                inSession(get("/api/async/callable"), login),
                inSession(get("/public/echo"), login),
                inSession(get("/nowhere"), login),
                inSession(json("/api/notes", "\"noted\""), login).with("X-CSRF-TOKEN", login.token()),
                inSession(json("/api/notes", "\"no token\""), login).named("without a token"),
                inSession(json("/api/notes", "\"bad token\""), login)
                        .named("with another's token")
                        .with("X-CSRF-TOKEN", "b3RoZXI"),
                inherited.named("with a token from outside").withOuter("X-CSRF-TOKEN", login.token()),
                basic(inSession(get("/api/me"), login), "root", "root"));
    }

    static RequestCase inSession(RequestCase request, Client.Login login) {
        return request.withOuter("Cookie", login.cookie());
    }

    static RequestCase json(String target, String body) {
        return RequestCase.of("POST", target).body(JSON, bytes(body));
    }

    private static RequestCase basic(RequestCase request, String user, String password) {
        return request.named("as " + user + " by " + password).with("Authorization", basic(user, password));
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString(bytes(user + ":" + password));
    }

    private static RequestCase upload(String target, String part) {
        String body = """
                --cut
                Content-Disposition: form-data; name="file"; filename="a.bin"
                Content-Type: application/octet-stream

                \u0000\u0001\u0002
                --cut
                Content-Disposition: form-data; name="%s"

                A title
                --cut--
                """.formatted(part).replace("\n", "\r\n");
        return RequestCase.of("POST", target).body("multipart/form-data; boundary=cut", bytes(body));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
