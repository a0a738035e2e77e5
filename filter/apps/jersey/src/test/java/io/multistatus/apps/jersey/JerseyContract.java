package io.multistatus.apps.jersey;

import static io.multistatus.equivalence.RequestCase.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.multistatus.BatchFilter;
import io.multistatus.equivalence.Appearance;
import io.multistatus.equivalence.BatchAnswer;
import io.multistatus.equivalence.BatchCall;
import io.multistatus.equivalence.Field;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.equivalence.ItemAnswer;
import io.multistatus.equivalence.RawHttpClient;
import io.multistatus.equivalence.RequestCase;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.glassfish.jersey.servlet.ServletContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Jersey's servlet answers an item exactly as it answers the same request alone, with nothing configured for it. */
abstract class JerseyContract {
    static final String CONTEXT = "/app";
    private static final List<RequestCase> CASES = cases();

    abstract int port();

    /** The app as any container takes it: Jersey's servlet, and the batch filter in front. */
    static void register(ServletContext context) {
        FilterRegistration.Dynamic batch = context.addFilter("multistatus", new BatchFilter());
        batch.setAsyncSupported(true);
        batch.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
        ServletRegistration.Dynamic jersey = context.addServlet("jersey", new ServletContainer(new JerseyApp()));
        jersey.setAsyncSupported(true);
        jersey.addMapping("/api/*");
    }

    private static List<RequestCase> cases() {
        List<RequestCase> all = new ArrayList<>(List.of(
                get("/echo?a=1&b=%C3%A4&b=2").with("X-Mark", "own").with("Accept-Language", "de-AT, en;q=0.5"),
                RequestCase.of("HEAD", "/echo"),
                RequestCase.of("OPTIONS", "/echo"),
                RequestCase.of("DELETE", "/echo"),
                get("/missing"),
                get("/number/7"),
                get("/number/seven"),
                get("/echo").with("Accept", "application/xml"),
                get("/echo").named("refused").with("X-Refuse", "please"),
                post("/orders", "application/json", "{\"article\": \"Moka pot\", \"pieces\": 3}"),
                post("/orders", "application/json", "{\"article\": \"Moka").named("cut off"),
                post("/orders", "application/json", "{\"pieces\": \"many\"}").named("ill-typed"),
                post("/orders", "text/plain", "an order").named("of another type"),
                RequestCase.of("POST", "/orders"),
                post("/line", "application/x-line", "\u00e4 line"),
                post("/form", "application/x-www-form-urlencoded", "name=K%C3%A4the"),
                get("/etag"),
                get("/etag").named("v1").with("If-None-Match", "\"v1\""),
                get("/redirect"),
                get("/cookie"),
                get("/conflict"),
                get("/gone"),
                get("/boom"),
                get("/stream")));
        Stream.of("resume", "at-once", "fails", "timeout", "timeout-handled", "cancel", "stage", "stage-fails")
                .forEach(each -> all.add(get("/async/" + each)));
        return List.copyOf(all);
    }

    private static RequestCase post(String target, String contentType, String body) {
        return RequestCase.of("POST", target).body(contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    private HttpAnswer alone(RequestCase request) throws IOException {
        return RawHttpClient.plain(port())
                .send(request.method(), CONTEXT + "/api" + request.target(), request.fields(), request.bodyOnTheWire());
    }

    private BatchAnswer batch(List<RequestCase> requests, Field... outer) throws IOException {
        BatchCall call = new BatchCall(CONTEXT + "/batch");
        for (Field field : outer) {
            call.header(field.name(), field.value());
        }
        for (int i = 0; i < requests.size(); i++) {
            call.item(String.valueOf(i), requests.get(i).below(CONTEXT + "/api"));
        }
        return call.send(RawHttpClient.plain(port()));
    }

    @TestFactory
    Stream<DynamicTest> aloneInABatch() {
        return CASES.stream()
                .map(request -> dynamicTest(request.name(), () -> {
                    HttpAnswer alone = alone(request);
                    BatchAnswer batch = batch(List.of(request));
                    assertSame(request, batch, batch.item("0"), alone);
                    assertThat(Appearance.cookies(batch.http())).isEqualTo(Appearance.cookies(alone));
                }));
    }

    @TestFactory
    Stream<DynamicTest> allInOne() {
        return Stream.of("ordered", "parallel", "sequential")
                .map(execution -> dynamicTest(execution, () -> {
                    BatchAnswer batch = batch(CASES, new Field("Prefer", "execution=" + execution));
                    for (int i = 0; i < CASES.size(); i++) {
                        RequestCase request = CASES.get(i);
                        assertSame(request, batch, batch.item(String.valueOf(i)), alone(request));
                    }
                }));
    }

    @Test
    void theRequestsReachResources() throws IOException {
        BatchAnswer batch = batch(List.of(get("/async/resume"), get("/async/fails"), get("/echo")));

        assertThat(batch.items()).extracting(ItemAnswer::status).containsExactly(200, 409, 200);
        assertThat(batch.item("2").header("X-Seen")).isEqualTo("echo");
    }

    private static void assertSame(RequestCase request, BatchAnswer batch, ItemAnswer item, HttpAnswer alone) {
        assertThat(Appearance.of(item, batch.http().clientPort()))
                .as("%s as an item (the wire is what is expected)", request.name())
                .isEqualTo(Appearance.of(alone, item.body()));
    }
}
