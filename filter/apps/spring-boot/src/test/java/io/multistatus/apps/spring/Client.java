package io.multistatus.apps.spring;

import io.multistatus.equivalence.BatchAnswer;
import io.multistatus.equivalence.BatchCall;
import io.multistatus.equivalence.Field;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.equivalence.RawHttpClient;
import io.multistatus.equivalence.RequestCase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends requests alone and in batches. */
public final class Client {
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
    private static final int MOST_ITEMS = 50;

    private final RawHttpClient http;
    private final String context;

    /** To an app at the root of that port. */
    public Client(int port) {
        this(port, "");
    }

    Client(int port, String context) {
        this.http = RawHttpClient.plain(port);
        this.context = context;
    }

    /** A session of a user, with the CSRF token that belongs to it. */
    record Login(String cookie, String token) {}

    /** Sends one request over the wire. */
    public HttpAnswer alone(RequestCase request) throws IOException {
        List<Field> fields = new ArrayList<>(request.outer());
        fields.addAll(request.fields());
        return http.send(request.method(), context + request.target(), fields, request.bodyOnTheWire());
    }

    /** Requests that agree in their outer fields as one batch; the id of each is its position. */
    BatchAnswer batch(List<RequestCase> requests, Field... more) throws IOException {
        return call(requests, more).send(http);
    }

    /** The same, whatever the answer is. */
    HttpAnswer batchAnswer(List<RequestCase> requests, Field... more) throws IOException {
        return call(requests, more).exchange(http);
    }

    /**
     * POSTs without a body to those targets, as one atomicity group; the id of each is its position.
     *
     * @param targets relative to the app
     */
    public BatchAnswer group(String... targets) throws IOException {
        StringJoiner items = new StringJoiner(",", "{\"requests\":[", "]}");
        for (int i = 0; i < targets.length; i++) {
            items.add("{\"id\":\"%d\",\"method\":\"%s\",\"url\":\"%s\",\"atomicityGroup\":\"g\"}"
                    .formatted(i, targets[i].equals("public/lines") ? "GET" : "POST", targets[i]));
        }
        List<Field> fields = List.of(new Field("Content-Type", "application/json"));
        byte[] batch = items.toString().getBytes(StandardCharsets.UTF_8);
        return BatchAnswer.read(http.send("POST", context + "/batch", fields, batch));
    }

    private BatchCall call(List<RequestCase> requests, Field... more) {
        BatchCall call = new BatchCall(context + "/batch");
        requests.get(0).outer().forEach(field -> call.header(field.name(), field.value()));
        for (Field field : more) {
            call.header(field.name(), field.value());
        }
        for (int i = 0; i < requests.size(); i++) {
            call.item(String.valueOf(i), requests.get(i).below(context));
        }
        return call;
    }

    /** Requests that can be in one batch, together. */
    static List<List<RequestCase>> together(List<RequestCase> requests) {
        Map<List<Field>, List<RequestCase>> byOuter = new LinkedHashMap<>();
        for (RequestCase each : requests) {
            byOuter.computeIfAbsent(each.outer(), outer -> new ArrayList<>()).add(each);
        }
        List<List<RequestCase>> batches = new ArrayList<>();
        for (List<RequestCase> all : byOuter.values()) {
            for (int from = 0; from < all.size(); from += MOST_ITEMS) {
                batches.add(all.subList(from, Math.min(all.size(), from + MOST_ITEMS)));
            }
        }
        return batches;
    }

    Login login(String user) throws IOException {
        Login anonymous = withToken("");
        HttpAnswer answer = alone(login(user, user, anonymous));
        if (answer.status() != 204) {
            throw new IOException("no login but status " + answer.status() + "\n" + answer.text());
        }
        return withToken(cookie(answer));
    }

    /** The request that logs in, within the session of {@code before}. */
    static RequestCase login(String user, String password, Login before) {
        return RequestCase.of("POST", "/login")
                .named("of " + user + " by " + password)
                .withOuter("Cookie", before.cookie())
                .with("X-CSRF-TOKEN", before.token())
                .body(
                        "application/x-www-form-urlencoded",
                        ("username=" + user + "&password=" + password).getBytes(StandardCharsets.US_ASCII));
    }

    /** A CSRF token and the session it is for: that of the cookie, or a new one if the cookie is empty. */
    Login withToken(String cookie) throws IOException {
        RequestCase request = RequestCase.get("/csrf");
        HttpAnswer answer = alone(cookie.isEmpty() ? request : request.withOuter("Cookie", cookie));
        Matcher token = TOKEN.matcher(answer.text());
        if (!token.find()) {
            throw new IOException("no token but status " + answer.status() + "\n" + answer.text());
        }
        return new Login(cookie.isEmpty() ? cookie(answer) : cookie, token.group(1));
    }

    static String cookie(HttpAnswer answer) throws IOException {
        return answer.all("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith("JSESSIONID="))
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .findFirst()
                .orElseThrow(() -> new IOException("no session cookie but " + answer.fields()));
    }
}
