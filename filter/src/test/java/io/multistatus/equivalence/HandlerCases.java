package io.multistatus.equivalence;

import io.multistatus.equivalence.RequestCase.SessionNeed;
import java.util.Arrays;
import java.util.List;

/** Requests to every handler of the host app, for what each of them is there for. */
final class HandlerCases extends CaseList {
    /** More than this, in characters, is too long for some container. */
    private static final int LONG = 8_000;

    private static final String RIGHT = basic("joe:secret");
    private static final String WRONG = basic("joe:guess");
    private static final String FORM = "application/x-www-form-urlencoded";

    private HandlerCases() {}

    /** Those that this run's container is compared with itself on, over HTTP/1.1. */
    static List<RequestCase> all() {
        return all(HostOptions.Protocol.HTTP_1_1);
    }

    /** Those that this run's container is compared with itself on, over {@code protocol}. */
    static List<RequestCase> all(HostOptions.Protocol protocol) {
        return everything().stream()
                .filter(request -> HostContainer.ofThisRun()
                        .reasonToLeaveOut(request, protocol)
                        .isEmpty())
                .toList();
    }

    /** All requests, also those that are left out in some container. */
    static List<RequestCase> everything() {
        HandlerCases all = new HandlerCases();
        all.echo();
        all.methods();
        all.filtersAndSecurity();
        all.sessionsAndCookies();
        all.bodies();
        all.responses();
        all.streams();
        all.charsets();
        all.errors();
        all.async();
        all.dispatches();
        all.staticFiles();
        return all.cases();
    }

    /**
     * What shows a TLS connection, and that two connections are alike; less what is refused for its length: on Jetty 12.1 what comes
     * after such a request over TLS, on another connection, is now and then broken or refused in its turn, also if nobody sends
     * batches.
     */
    static List<RequestCase> echoesOverTls() {
        HandlerCases echoes = new HandlerCases();
        echoes.echo();
        echoes.get("/secure-transport", "/cookies", "/redirect?to=/app/echo", "/session/encode", "/stream/large");
        return echoes.cases().stream()
                .filter(request -> request.target().length() < LONG)
                .filter(request -> request.fields().stream()
                        .allMatch(field -> field.value().length() < LONG))
                .toList();
    }

    private void echo() {
        get(
                "/echo",
                "/echo/",
                "/echo/path/info",
                "/echo?a=1&b=2&a=3&empty=&flag",
                "/echo?",
                "/exact",
                "/exact/",
                "/x.do");
        get("/", "", "/nothing-here", "/wrapped/echo", "/plain-servlet", "/thread-local", "/class-loader");
        get("/leave-attribute", "/leave-attribute?again", "/gzip", "/dispatch/other-context");
        add(RequestCase.get("/other/echo"));
        add(RequestCase.get("/other/echo/a?b=c"));
        add(RequestCase.get("/other/nothing"));
        add(RequestCase.get("/other"));
        add(RequestCase.get("/"));
        add(RequestCase.get("/nowhere"));
        add(RequestCase.get("/application"));
        add(app("GET", "/echo").with("X-Twice", "a").with("X-Twice", "b, c").named("with a repeated header"));
        add(app("GET", "/echo").with("x-lower", "a").with("X-UPPER", "B").named("with names in odd cases"));
        add(app("GET", "/echo").with("X-Empty", "").named("with an empty header"));
        add(app("GET", "/echo").with("X-Latin", "caf\u00e9").named("with a Latin-1 header"));
        add(app("GET", "/echo").with("Accept", "text/html;q=0.5, */*").named("with Accept"));
        add(app("GET", "/echo").with("Accept-Language", "de-CH, fr;q=0.8").named("with languages of its own"));
        add(app("GET", "/echo").withOuter("Accept-Language", "nl, en").named("with inherited languages"));
        add(app("GET", "/echo").with("Authorization", RIGHT).named("with credentials nobody asked for"));
        add(app("GET", "/echo").with("User-Agent", "Item/1.0").named("with a User-Agent"));
        add(app("GET", "/echo")
                .withOuter("User-Agent", "Outer/1.0")
                .withOuter("X-CSRF-Token", "t")
                .named("inheriting"));
        add(app("GET", "/echo").withOuter("Cookie", "a=b; c=\"d e\"; a=again").named("with cookies"));
        add(forwarded(app("GET", "/echo")).named("from behind a proxy"));
        add(forwarded(app("GET", "/redirect?to=echo")).named("from behind a proxy"));
        add(app("GET", "/echo").with("X-Long", "l".repeat(4_000)).named("with a long header"));
        add(app("GET", "/echo").with("X-Too-Long", "l".repeat(20_000)).named("with too long a header"));
        get("/echo?q=" + "q".repeat(4_000), "/echo/" + "p".repeat(20_000), "/echo?q=" + "q".repeat(20_000));
        for (RequestCase request : List.of(
                app("HEAD", "/echo?a=b"),
                app("POST", "/echo/%zz"),
                RequestCase.get("/nowhere"),
                app("PUT", "/secure"))) {
            add(request.with("X-Too-Long", "l".repeat(20_000))
                    .with("Accept", "application/json")
                    .named("with too long a header"));
        }
        for (String type : List.of(
                "TEXT/plain",
                "text/plain; charset=UTF-8",
                "text/plain;charset=utf-8",
                "text/html",
                "text/html; charset=x",
                "application/json;charset=ISO-8859-1",
                "text/xml",
                "application/xml",
                "text/json",
                "*/*",
                "")) {
            add(app("GET", "/echo").with("Content-Type", type).named("with Content-Type '" + type + "'"));
        }
        add(app("GET", "/echo")
                .with("accept", "IMAGE/PNG,image/*;q=0.8")
                .with("PRAGMA", "No-Cache")
                .with("cache-control", "Max-Age=0")
                .named("with fields a parser may know by heart"));
    }

    private void methods() {
        for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "M-SEARCH")) {
            add(app(method, "/echo"));
            add(app(method, "/plain-servlet"));
            add(app(method, "/secure"));
            add(app(method, "/static.txt"));
            add(app(method, "/nothing-here"));
            add(app(method, "/body/mirror").body("text/plain", ascii("body of " + method)));
            add(app(method, "/error/throw?what=runtime"));
            add(app(method, "/redirect?to=/app/echo"));
            add(app(method, "/stream/chunks"));
        }
        add(app("MixedCase", "/echo"));
    }

    private void filtersAndSecurity() {
        add(app("GET", "/echo").with("X-Token", "t1").named("with a token"));
        add(app("GET", "/echo").with("X-Token", "bad").named("with a bad token"));
        add(app("POST", "/body/stream")
                .with("X-Token", "bad")
                .body("text/plain", ascii("x"))
                .named("with a bad token"));
        add(app("GET", "/nothing-here").with("X-Token", "bad").named("with a bad token"));
        for (String path :
                List.of("/secure", "/secure/deeper", "/secure-nobody", "/secure-writes", "/secure-transport")) {
            add(app("GET", path));
            add(app("GET", path).with("Authorization", RIGHT).named("as joe"));
            add(app("GET", path).withOuter("Authorization", RIGHT).named("as joe by the outer request"));
            add(app("GET", path).with("Authorization", WRONG).named("with a wrong password"));
            add(app("POST", path).named("as nobody"));
            add(app("POST", path)
                    .with("Authorization", RIGHT)
                    .body("text/plain", ascii("x"))
                    .named("as joe"));
        }
        add(app("GET", "/secure").with("Authorization", "Basic %%%").named("with broken credentials"));
        add(app("GET", "/secure").with("Authorization", "Bearer abc").named("with a token"));
        get("/login?password=secret", "/login?password=guess", "/logout", "/authenticate");
        add(app("GET", "/authenticate").with("Authorization", RIGHT).named("as joe"));
        add(app("GET", "/login?password=secret").within(SessionNeed.OWN).named("in a session"));
    }

    private void sessionsAndCookies() {
        get("/session/create?value=1", "/session/read", "/session/invalidate", "/session/encode", "/session/too-late");
        get("/session/read;jsessionid=nonsense", "/session/change-id", "/cookies");
        add(app("GET", "/session/read").within(SessionNeed.SHARED).named("in a session"));
        add(app("GET", "/echo").within(SessionNeed.SHARED).named("in a session"));
        add(app("GET", "/session/encode").within(SessionNeed.SHARED).named("in a session"));
        add(app("GET", "/session/create?value=2").within(SessionNeed.OWN).named("in a session"));
        add(app("GET", "/session/invalidate").within(SessionNeed.OWN).named("in a session"));
        add(app("GET", "/session/change-id").within(SessionNeed.OWN).named("in a session"));
        add(app("GET", "/session/read")
                .withOuter("Cookie", "JSESSIONID=nonsense")
                .named("in no session"));
    }

    private void bodies() {
        byte[] large = new byte[300_000];
        Arrays.fill(large, (byte) 'x');
        for (String path : List.of(
                "stream",
                "reader",
                "mirror",
                "form",
                "ignored",
                "first-byte",
                "closed",
                "both-ways",
                "available",
                "encoding-set",
                "multipart")) {
            String target = "/body/" + path;
            add(app("POST", target).named("without a body"));
            add(app("POST", target).body("text/plain", new byte[0]).named("with an empty body"));
            add(app("POST", target)
                    .body("text/plain;charset=UTF-8", utf8("gr\u00fc\u00df\ndich"))
                    .named("with text"));
            add(app("POST", target)
                    .body(FORM, ascii("a=1&b=2&b=3%20x&c=%C3%A9"))
                    .named("with a form"));
            add(app("POST", target + "?a=query")
                    .body(FORM + ";charset=ISO-8859-1", ascii("a=form&l=%E9"))
                    .named("with a Latin-1 form"));
            add(app("POST", target)
                    .body("application/json", utf8("{ \"b\" : 1.0e2,\"a\":[\"\u20ac\", null]}"))
                    .named("with JSON"));
            add(app("POST", target).body("application/octet-stream", large).named("with 300 kB"));
        }
        add(app("PUT", "/body/form").body(FORM, ascii("a=1")).named("with a form"));
        add(app("POST", "/body/form").body(FORM, ascii("a=%zz&b=%")).named("with a broken form"));
        add(app("POST", "/body/reader")
                .body("text/plain;charset=nonsense", ascii("a"))
                .named("in no charset"));
        add(app("POST", "/body/mirror")
                .body("application/json", ascii("{\"broken"))
                .named("with broken JSON"));
        add(app("GET", "/body/stream")
                .body("text/plain", ascii("a GET with a body"))
                .named("with a body"));
        add(app("POST", "/body/multipart")
                .body("multipart/form-data; boundary=fixed", multipart("hello"))
                .named("with a file"));
        add(app("POST", "/body/multipart")
                .body("multipart/form-data; boundary=fixed", multipart("h".repeat(150_000)))
                .named("with too large a file"));
        add(app("POST", "/body/multipart")
                .body("multipart/form-data", multipart("hello"))
                .named("without boundary"));
        add(app("POST", "/body/multipart")
                .body("multipart/form-data; boundary=fixed", ascii("--fixed\r\ncut off"))
                .named("cut off"));
        add(app("POST", "/body/multipart-unconfigured")
                .body("multipart/form-data; boundary=fixed", multipart("hello"))
                .named("with a file"));
        for (String path : List.of("/nio/mirror", "/nio/read-off-thread", "/nio/throws", "/nio/write")) {
            add(app("POST", path).named("without a body"));
            add(app("POST", path).body("text/plain", ascii("short")).named("with a short body"));
            add(app("POST", path).body("application/octet-stream", large).named("with 300 kB"));
        }
        get("/nio/write-off-thread");
    }

    private void responses() {
        for (int status :
                new int[] {200, 201, 202, 204, 205, 206, 299, 304, 400, 401, 404, 418, 451, 500, 503, 599, 999}) {
            get("/status/" + status, "/status/" + status + "?empty");
        }
        get(
                "/headers",
                "/headers/hostile",
                "/headers/big",
                "/headers/too-big",
                "/content-headers",
                "/empty",
                "/silent");
        get("/redirect?to=echo", "/redirect?to=/app/echo?a=%C3%A9", "/redirect?to=http://elsewhere.example/x%3Fy");
        get(
                "/redirect?to=../up",
                "/redirect?to=%2F%2Felsewhere.example",
                "/redirect",
                "/redirect?to=a%0D%0AX-In:%20jected");
        get("/redirect/after-flush", "/redirect/by-hand", "/reset", "/reset-buffer", "/reset-late", "/etag");
        add(app("GET", "/etag").with("If-None-Match", "\"v1\"").named("unchanged"));
        add(app("GET", "/etag").with("If-Match", "\"v0\"").named("not matching"));
        add(app("GET", "/plain-servlet")
                .with("If-Modified-Since", "Wed, 15 Nov 2023 00:00:00 GMT")
                .named("unchanged"));
    }

    private void streams() {
        get("/stream/large", "/stream/slow", "/stream/chunks", "/stream/exact-length", "/stream/length-too-long");
        get("/stream/length-too-long-flushed", "/stream/length-too-short", "/stream/length-by-header");
        get("/stream/closed-early", "/stream/writer-closed-early", "/stream/both-ways", "/stream/trailers");
        get("/stream/small-buffer", "/stream/body-with-204", "/stream/upgrade");
        add(app("HEAD", "/stream/large"));
        add(app("HEAD", "/stream/exact-length"));
        add(app("HEAD", "/stream/length-too-long"));
    }

    private void charsets() {
        for (String name : List.of(
                "UTF-8",
                "ISO-8859-1",
                "UTF-16",
                "UTF-16LE",
                "windows-1252",
                "writer-default",
                "too-late",
                "undeclared-utf-8",
                "undeclared-latin",
                "wrong",
                "unknown",
                "bom",
                "controls",
                "xml",
                "none",
                "binary",
                "html")) {
            get("/charset/" + name);
        }
        get("/charset/writer?charset=UTF-8", "/charset/writer?charset=ISO-8859-1", "/charset/writer?charset=UTF-16");
        get("/charset/writer?charset=nonsense");
        for (String name : List.of(
                "plain",
                "odd",
                "number",
                "string",
                "null",
                "broken",
                "two",
                "not-utf-8",
                "bom",
                "latin",
                "utf-16",
                "blank",
                "lone-surrogate")) {
            get("/json/" + name);
        }
    }

    private void errors() {
        for (int status : new int[] {400, 401, 404, 409, 410, 500, 503, 599}) {
            get("/error/send?status=" + status, "/error/send?message=why%20not&status=" + status);
        }
        for (String accept : List.of("application/json", "text/plain", "text/html", "image/png", "*/*")) {
            add(app("GET", "/error/send?status=410").with("Accept", accept).named("accepting " + accept));
            add(app("GET", "/error/throw?what=runtime").with("Accept", accept).named("accepting " + accept));
        }
        get("/error/send?status=200", "/error/send-then-write", "/error/send-after-flush");
        for (String what : List.of("runtime", "io", "servlet", "error", "stack", "paged", "paged-cause")) {
            get(
                    "/error/throw?what=" + what,
                    "/error/throw-after-flush?what=" + what,
                    "/error/throw-after-close?what=" + what);
        }
    }

    private void async() {
        get("/async/complete-here", "/async/complete?delay=0", "/async/complete?delay=40", "/async/complete-twice");
        get("/async/start", "/async/start-throws", "/async/dispatch", "/async/dispatch?a=1", "/async/dispatch-twice");
        get(
                "/async/dispatch-to?to=/async/target?a=1",
                "/async/dispatch-to?to=/nothing-here",
                "/async/dispatch-to?a=0&to=/secure");
        get("/async/dispatch-to?to=/static.txt", "/async/dispatch-to?to=/error/throw?what=paged", "/async/timeout");
        get("/async/timeout-answered", "/async/timeout-dispatched", "/async/timeout-after-flush", "/async/throw");
        get(
                "/async/throw-answered",
                "/async/dispatch-throws",
                "/async/send-error",
                "/async/wrapped",
                "/async/unsupported");
        add(app("HEAD", "/async/complete?delay=5"));
        add(app("POST", "/async/complete?delay=5")
                .body("text/plain", ascii("unread"))
                .named("with a body"));
    }

    private void dispatches() {
        for (String how : List.of("forward", "include")) {
            for (String to : List.of(
                    "/dispatch/target?a=to",
                    "/nothing-here",
                    "/secure",
                    "/error/send?status=409",
                    "/error/throw?what=runtime",
                    "/static.txt",
                    "/async/complete-here",
                    "/WEB-INF/secret.txt")) {
                get("/dispatch/" + how + "?a=from&to=" + to.replace("?", "%3F"));
            }
        }
        get("/dispatch/forward-late", "/dispatch/named", "/error-page");
        add(app("POST", "/dispatch/forward?to=/body/form")
                .body(FORM, ascii("a=1"))
                .named("with a form"));
    }

    private void staticFiles() {
        get("/static.txt", "/page.html", "/pixel.png", "/folder/data.json", "/folder", "/folder/", "/missing.txt");
        get("/WEB-INF/secret.txt", "/web-inf/secret.txt", "/static.txt/", "/static.txt?query", "/static.txt;param=1");
        add(app("GET", "/static.txt").with("Range", "bytes=100-199").named("in part"));
        add(app("GET", "/static.txt").with("Range", "bytes=-10").named("the end"));
        add(app("GET", "/static.txt").with("Range", "bytes=0-1,5-6").named("in two parts"));
        add(app("GET", "/static.txt").with("Range", "bytes=900000-").named("past the end"));
        add(app("GET", "/static.txt").with("If-None-Match", "*").named("if none"));
        add(app("GET", "/static.txt").with("If-None-Match", "W/\"other\"").named("if changed"));
        add(app("GET", "/static.txt")
                .with("If-Modified-Since", "Wed, 15 Nov 2023 00:00:00 GMT")
                .named("if newer"));
        add(app("GET", "/static.txt")
                .with("If-Unmodified-Since", "Wed, 15 Nov 2000 00:00:00 GMT")
                .named("if older"));
    }
}
