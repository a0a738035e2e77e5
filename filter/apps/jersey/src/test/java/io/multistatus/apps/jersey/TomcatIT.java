package io.multistatus.apps.jersey;

import io.multistatus.BatchFilter;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.glassfish.jersey.servlet.ServletContainer;
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
        Context context = tomcat.addContext(CONTEXT, base.toString());
        FilterDef filter = new FilterDef();
        filter.setFilterName("multistatus");
        filter.setFilter(new BatchFilter());
        filter.setAsyncSupported("true");
        context.addFilterDef(filter);
        FilterMap mapping = new FilterMap();
        mapping.setFilterName("multistatus");
        mapping.addURLPattern("/*");
        context.addFilterMap(mapping);
        Wrapper jersey = Tomcat.addServlet(context, "jersey", new ServletContainer(new JerseyApp()));
        jersey.setAsyncSupported(true);
        context.addServletMappingDecoded("/api/*", "jersey");
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
