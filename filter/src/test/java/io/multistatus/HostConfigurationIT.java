package io.multistatus;

import static io.multistatus.support.Envelopes.gets;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.TestServer;
import java.net.http.HttpResponse;
import java.util.Collections;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts that are set up in another way than by default. */
@Tag("container")
class HostConfigurationIT {

    private static void allowEncodedSlashes(Server jetty) {
        jetty.getConnectors()[0]
                .getConnectionFactory(HttpConnectionFactory.class)
                .getHttpConfiguration()
                .setUriCompliance(UriCompliance.LEGACY);
    }

    /** Jetty resolves dot segments before it decodes slashes: each of these is served from below {@code /secret/}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/secret/x",
                "/secret%2fx",
                "/secret%2f..",
                "/secret/..%2f",
                "/secret%2f../public/x",
                "/secret/..%2f../public/x",
                "/secret/..%5c"
            })
    void noSpellingWithEncodedSlashesGetsPastTheDeniedPaths(String url) throws Exception {
        try (TestServer server = TestServer.create()
                .batch(config -> config.deny("/secret/*"))
                .json("/secret/*", 200, "{\"secret\":true}")
                .json("/public/*", 200, "{}")) {
            allowEncodedSlashes(server.jetty());
            server.jetty()
                    .getDescendants(ServletContextHandler.class)
                    .forEach(context -> context.getServletHandler().setDecodeAmbiguousURIs(true));
            server.start();
            assertThat(server.send("GET", "/secret%2f..").body()).contains("secret");

            HttpResponse<String> response = server.post(gets(url, "/public/x%2fy"));

            assertThat(statuses(response)).containsExactly(403, 200);
        }
    }

    /** Jetty throws where a filter asks it for the path of such a request; an app that does not ask was served well. */
    @Test
    void aRequestWhosePathTheContainerDoesNotTellIsLeftToTheApp() throws Exception {
        try (TestServer server = TestServer.create().batch().servlet("/*", (request, response) -> {
            response.getWriter().print(request.getRequestURI());
        })) {
            allowEncodedSlashes(server.jetty());
            server.start();

            HttpResponse<String> response = server.send("GET", "/a%2fb");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("/a%2fb");
        }
    }

    /** The handler runs for each item; what it had added to the batch came on top. */
    @Test
    void whatAHandlerInFrontAddsReachesEachItemOnce() throws Exception {
        try (TestServer server = TestServer.create().batch().servlet("/hops", (request, response) -> {
            response.setContentType("text/plain");
            response.getWriter().print(Collections.list(request.getHeaders("X-Hop")));
        })) {
            server.jetty().insertHandler(new AddingHandler());
            server.start();
            assertThat(server.send("GET", "/hops").body()).isEqualTo("[1]");

            HttpResponse<String> response = server.post(gets("/hops"), "X-Other", "sent");

            assertThat(item(response, "0").path("body").asText()).isEqualTo("[1]");
        }
    }

    private static final class AddingHandler extends Handler.Wrapper {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            HttpFields fields = HttpFields.build(request.getHeaders()).add("X-Hop", "1");
            Request more = new Request.Wrapper(request) {
                @Override
                public HttpFields getHeaders() {
                    return fields;
                }
            };
            return super.handle(more, response, callback);
        }
    }
}
