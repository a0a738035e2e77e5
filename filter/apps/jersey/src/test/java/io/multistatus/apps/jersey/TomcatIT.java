package io.multistatus.apps.jersey;

import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class TomcatIT extends JerseyContract {
    @TempDir
    private static Path base;

    private static Tomcat tomcat;

    @BeforeAll
    static void start() throws Exception {
        tomcat = new Tomcat();
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        // Its pages would show stack traces, at whose bottom a request is seen to have come in.
        ErrorReportValve withoutStacks = new ErrorReportValve();
        withoutStacks.setShowReport(false);
        tomcat.getHost().getPipeline().addValve(withoutStacks);
        tomcat.addContext(CONTEXT, base.toString())
                .addServletContainerInitializer(
                        (classes, context) -> {
                            register(context);
                            // Every app deployed on Tomcat has it; without, no filter sees what no servlet is mapped
                            // to.
                            context.addServlet("default", new DefaultServlet()).addMapping("/");
                        },
                        Set.of());
        tomcat.start();
    }

    @AfterAll
    static void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    @Override
    int port() {
        return tomcat.getConnector().getLocalPort();
    }
}
