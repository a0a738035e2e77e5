package io.multistatus;

import static io.multistatus.support.Envelopes.item;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.WebApps;
import jakarta.servlet.DispatcherType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.function.IntFunction;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.xml.XmlConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar in the WEB-INF/lib of a web app that knows nothing of it. */
class DropInIT {
    /** What the README says to write. */
    private static final String CONTEXT_XML = """
            <!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN" "https://jetty.org/configure_10_0.dtd">
            <Configure class="org.eclipse.jetty.ee10.webapp.WebAppContext">
              <Get name="hiddenClassMatcher"><Call name="add"><Arg>-org.eclipse.jetty.</Arg></Call></Get>
            </Configure>
            """;

    @TempDir
    Path war;

    @BeforeEach
    void buildWebApp() throws Exception {
        WebApps.withTheJarIn(war);
    }

    private HttpResponse<String> postBatch(boolean showServerClasses, String webXml) throws Exception {
        return postBatch(showServerClasses, port -> webXml);
    }

    private HttpResponse<String> postBatch(boolean showServerClasses, IntFunction<String> webXmlByPort)
            throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        connector.open();
        String webXml = webXmlByPort.apply(connector.getLocalPort());
        if (!webXml.isEmpty()) {
            Files.writeString(war.resolve("WEB-INF/web.xml"), webXml);
        }
        WebAppContext context = new WebAppContext();
        context.setContextPath("/shop");
        context.setWar(war.toUri().toString());
        if (showServerClasses) {
            Path xml = Files.writeString(war.resolve("shop.xml"), CONTEXT_XML);
            new XmlConfiguration(ResourceFactory.root().newResource(xml)).configure(context);
        }
        server.setHandler(context);
        try {
            server.start();
            return WebApps.postBatch(connector.getLocalPort());
        } finally {
            server.stop();
        }
    }

    @Test
    void theJarAloneIsEnoughWhereTheContainersClassesAreVisible() throws Exception {
        HttpResponse<String> response = postBatch(true, "");

        assertThat(response.statusCode()).isEqualTo(207);
        assertThat(item(response, "0").path("body").path("hello").asBoolean()).isTrue();
        assertThat(item(response, "1").path("status").asInt()).isEqualTo(404);
    }

    @Test
    void theAppConfiguresItByAFilterOfTheSameName() throws Exception {
        HttpResponse<String> response = postBatch(true, """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                  <filter>
                    <filter-name>multistatus</filter-name>
                    <filter-class>io.multistatus.BatchFilter</filter-class>
                    <async-supported>true</async-supported>
                    <init-param><param-name>maxRequests</param-name><param-value>1</param-value></init-param>
                  </filter>
                </web-app>
                """);

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void whereTheContainersClassesAreHiddenTheRefusalNamesTheContainer() throws Exception {
        HttpResponse<String> response = postBatch(false, "");

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(response.body())
                .contains("urn:multistatus:unsupported-container")
                .contains("jetty")
                .contains("hiddenClassMatcher")
                .contains("dispatcher=loopback")
                .contains("dispatcher=forward");
    }

    private static String choosing(String... params) {
        StringBuilder initParams = new StringBuilder();
        for (int i = 0; i < params.length; i += 2) {
            initParams.append("<init-param><param-name>%s</param-name><param-value>%s</param-value></init-param>"
                    .formatted(params[i], params[i + 1]));
        }
        return """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                  <filter>
                    <filter-name>multistatus</filter-name>
                    <filter-class>io.multistatus.BatchFilter</filter-class>
                    <async-supported>true</async-supported>
                    %s
                  </filter>
                </web-app>
                """.formatted(initParams);
    }

    @Test
    void loopbackNeedsNothingOfTheContainerButAUrl() throws Exception {
        HttpResponse<String> response =
                postBatch(false, port -> choosing("dispatcher", "loopback", "loopbackUrl", "http://127.0.0.1:" + port));

        assertThat(response.statusCode()).isEqualTo(207);
        assertThat(item(response, "0").path("body").path("hello").asBoolean()).isTrue();
        assertThat(item(response, "1").path("status").asInt()).isEqualTo(404);
    }

    /** The Servlet API's local address may be what a client has put into a proxy's field. */
    @Test
    void loopbackGoesNowhereThatOnlyTheServletApiTellsOf() throws Exception {
        HttpResponse<String> response = postBatch(false, choosing("dispatcher", "loopback"));

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(response.body())
                .contains("urn:multistatus:loopback-url-needed")
                .contains("loopbackUrl");
    }

    @Test
    void forwardNeedsNothingOfTheContainer() throws Exception {
        HttpResponse<String> response =
                postBatch(false, choosing("dispatcher", "forward", "forwardAllow", "*.json /missing"));

        assertThat(response.statusCode()).isEqualTo(207);
        assertThat(item(response, "0").path("body").path("hello").asBoolean()).isTrue();
        assertThat(item(response, "1").path("status").asInt()).isEqualTo(404);
    }

    /** Where an app chooses a dispatcher because Jetty hides its classes, it must recognise items of other apps' batches. */
    @Test
    void anItemOfAnotherAppsBatchIsNoBatch() throws Exception {
        Files.writeString(war.resolve("WEB-INF/web.xml"), choosing("dispatcher", "forward", "forwardAllow", "/*"));
        WebAppContext shop = new WebAppContext();
        shop.setContextPath("/shop");
        shop.setWar(war.toUri().toString());
        ServletContextHandler other = new ServletContextHandler("/other");
        FilterHolder filter = new FilterHolder(new BatchFilter());
        filter.setAsyncSupported(true);
        other.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        other.addServlet(DefaultServlet.class, "/");
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new ContextHandlerCollection(shop, other));
        server.start();
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/other/batch"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("""
                            {"requests": [{"id": "a", "method": "POST", "url": "/shop/batch", "body": {"requests": []}}]}
                            """))
                    .build();
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(item(response, "a").path("status").asInt()).isEqualTo(400);
            assertThat(item(response, "a").path("body").path("type").asText())
                    .isEqualTo("urn:multistatus:nested-batch");
        } finally {
            server.stop();
        }
    }

    private static String switchingItOff(String more) {
        return """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                  <context-param>
                    <param-name>io.multistatus.superseded</param-name><param-value>true</param-value>
                  </context-param>
                  %s
                </web-app>
                """.formatted(more);
    }

    @Test
    void theAppCanSwitchItOff() throws Exception {
        assertThat(postBatch(true, switchingItOff("")).statusCode()).isIn(404, 405);
    }

    @Test
    void whatItIsConfiguredWithIsNotLostWhereItIsSwitchedOff() throws Exception {
        HttpResponse<String> response = postBatch(true, switchingItOff("""
                <filter>
                  <filter-name>multistatus</filter-name>
                  <filter-class>io.multistatus.BatchFilter</filter-class>
                  <init-param><param-name>deny</param-name><param-value>/admin/*</param-value></init-param>
                </filter>
                """));

        assertThat(response.statusCode()).as("the app does not start").isEqualTo(503);
    }
}
