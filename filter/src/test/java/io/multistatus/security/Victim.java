package io.multistatus.security;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multistatus.AtomicityChoice;
import io.multistatus.BatchConfig;
import io.multistatus.BatchFilter;
import io.multistatus.equivalence.Field;
import io.multistatus.equivalence.HostContainer;
import io.multistatus.equivalence.HostOptions;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.equivalence.RawHttpClient;
import io.multistatus.equivalence.app.HostApp;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.HttpConstraintElement;
import jakarta.servlet.HttpMethodConstraintElement;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.ServletSecurityElement;
import jakarta.servlet.annotation.ServletSecurity.TransportGuarantee;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An app with what attackers are after, behind a batch filter, in the container of this test run and, so it believes,
 * behind a proxy that sets {@code X-Forwarded-For}. Each of its servlets stands behind something that is to keep some of
 * them out:
 *
 * <ul>
 *   <li>{@code /open/*}: nothing. Tells what it has seen of a request; with a body it gives that back, and
 *       {@code Location} as the parameter {@code to} says
 *   <li>{@code /secret/*}: the container's constraint, for the user of {@link #AUTHORIZATION}; {@code /writes} the same for
 *       POST only
 *   <li>{@code /gated/*}: a filter mapped to REQUEST, for those who have the header {@code X-Token}
 *   <li>{@code /internal/*}: another one, for {@link #OPERATOR}'s address
 *   <li>{@code /login}: a third, which lets {@link #LOGINS} tries through
 *   <li>{@code /closed/*}: {@code deny} of the batch filter
 * </ul>
 */
final class Victim implements AutoCloseable {
    /** Where everything is. */
    static final String APP = HostApp.CONTEXT_PATH;

    /** The only address that may see {@code /internal}. */
    static final String OPERATOR = "192.0.2.1";

    /** The attacker's, as the proxy in front says. */
    static final String ATTACKER = "203.0.113.9";

    /** How many logins may be tried. */
    static final int LOGINS = 5;

    /** The field of somebody who may see {@code /secret}. */
    static final String AUTHORIZATION = "Basic "
            + Base64.getEncoder()
                    .encodeToString((HostApp.USER + ":" + HostApp.PASSWORD).getBytes(StandardCharsets.UTF_8));

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HostContainer.Host host;
    private final RawHttpClient client;
    private final Queue<String> reached = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> logins = new ConcurrentHashMap<>();

    private Victim() throws IOException {
        BatchConfig config = BatchConfig.builder()
                .deny("/closed/*")
                .atomicity(AtomicityChoice.NONE)
                .build();
        host = HostContainer.ofThisRun().start(HostOptions.running((classes, context) -> set(context, config)));
        client = RawHttpClient.plain(host.port());
    }

    static Victim start() throws IOException {
        return new Victim();
    }

    /** Forgets what has happened. */
    void reset() {
        reached.clear();
        logins.clear();
    }

    /** What has come as far as a servlet: {@code METHOD uri} each, the parameters of {@code uri} included. */
    List<String> reached() {
        return List.copyOf(reached);
    }

    /** Those of them that went to a servlet of that name. */
    List<String> reached(String servlet) {
        return reached.stream().filter(line -> line.startsWith(servlet + ": ")).toList();
    }

    int port() {
        return host.port();
    }

    /** Posts a batch in JSON, as the attacker who sits behind the proxy; further fields as name, value, name, value. */
    HttpAnswer batch(String json, String... fields) throws IOException {
        return send("POST", APP + "/batch", json, with(fields, "Content-Type", "application/json"));
    }

    /** Sends a request; a body if it is not null. The proxy says whose it is, unless the fields do. */
    HttpAnswer send(String method, String target, String body, String... fields) throws IOException {
        List<Field> all = new ArrayList<>();
        for (int i = 0; i < fields.length; i += 2) {
            all.add(new Field(fields[i], fields[i + 1]));
        }
        if (all.stream().noneMatch(field -> field.is("X-Forwarded-For"))) {
            all.add(new Field("X-Forwarded-For", ATTACKER));
        }
        return client.send(method, target, all, body == null ? null : body.getBytes(StandardCharsets.UTF_8));
    }

    private static String[] with(String[] fields, String name, String value) {
        List<String> all = new ArrayList<>(List.of(fields));
        Collections.addAll(all, name, value);
        return all.toArray(String[]::new);
    }

    private void set(ServletContext context, BatchConfig config) {
        filter(context, "batch", new BatchFilter(config), "/*");
        filter(context, "gate", refusing(request -> request.getHeader("X-Token") == null, 403), "/gated/*");
        filter(context, "addresses", refusing(request -> !OPERATOR.equals(addressOf(request)), 403), "/internal/*");
        filter(context, "limit", refusing(this::isOneTooMany, 429), "/login");
        add(context, "open", "/open/*");
        add(context, "gated", "/gated/*");
        add(context, "internal", "/internal/*");
        add(context, "login", "/login");
        add(context, "closed", "/closed/*");
        HttpConstraintElement users = new HttpConstraintElement(TransportGuarantee.NONE, HostApp.ROLE);
        add(context, "secret", "/secret/*").setServletSecurity(new ServletSecurityElement(users));
        add(context, "writes", "/writes")
                .setServletSecurity(new ServletSecurityElement(Set.of(new HttpMethodConstraintElement("POST", users))));
    }

    /** As apps find it out that know of their proxies. */
    private static String addressOf(HttpServletRequest request) {
        for (String name : List.of("X-Real-IP", "True-Client-IP", "WL-Proxy-Client-IP", "Fastly-Client-IP")) {
            if (request.getHeader(name) != null) {
                return request.getHeader(name);
            }
        }
        return request.getRemoteAddr();
    }

    private boolean isOneTooMany(HttpServletRequest request) {
        return logins.merge(request.getRemoteAddr(), 1, Integer::sum) > LOGINS;
    }

    private interface Refusal {
        boolean refuses(HttpServletRequest request);
    }

    private static Filter refusing(Refusal refusal, int status) {
        return (request, response, chain) -> {
            if (refusal.refuses((HttpServletRequest) request)) {
                ((HttpServletResponse) response).setStatus(status);
            } else {
                chain.doFilter(request, response);
            }
        };
    }

    private static void filter(ServletContext context, String name, Filter filter, String pattern) {
        FilterRegistration.Dynamic registration = context.addFilter(name, filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, pattern);
    }

    private ServletRegistration.Dynamic add(ServletContext context, String name, String pattern) {
        ServletRegistration.Dynamic servlet = context.addServlet(name, new Teller(name));
        servlet.setAsyncSupported(true);
        servlet.addMapping(pattern);
        return servlet;
    }

    @Override
    public void close() throws IOException {
        host.close();
    }

    /** Says what it has seen. */
    private final class Teller extends HttpServlet {
        private final String name;

        Teller(String name) {
            this.name = name;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            String query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
            reached.add(name + ": " + request.getMethod() + " " + request.getRequestURI() + query);
            if (name.equals("login")) {
                response.setStatus(401);
                return;
            }
            byte[] body = request.getInputStream().readAllBytes();
            response.setContentType("application/json");
            String to = request.getParameter("to");
            if (to != null) {
                response.setStatus(201);
                response.setHeader("Location", to);
            }
            if (body.length > 0) {
                response.getOutputStream().write(body);
                return;
            }
            ObjectNode told = JSON.createObjectNode();
            told.put("servlet", name);
            told.put("dispatch", request.getDispatcherType().name());
            told.put("method", request.getMethod());
            told.put("uri", request.getRequestURI());
            told.put("query", request.getQueryString());
            told.put("address", request.getRemoteAddr());
            told.put("user", request.getRemoteUser());
            ObjectNode headers = told.putObject("headers");
            for (String header : Collections.list(request.getHeaderNames())) {
                headers.put(
                        header.toLowerCase(Locale.ROOT),
                        String.join(", ", Collections.list(request.getHeaders(header))));
            }
            response.getOutputStream().write(JSON.writeValueAsBytes(told));
        }
    }
}
