package io.multistatus.apps.jersey;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class JettyIT extends JerseyContract {
    private static Server server;
    private static ServerConnector connector;

    @BeforeAll
    static void start() throws Exception {
        server = new Server();
        connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler app = new ServletContextHandler(CONTEXT);
        app.addServletContainerInitializer((classes, context) -> register(context));
        server.setHandler(app);
        server.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @Override
    int port() {
        return connector.getLocalPort();
    }
}
