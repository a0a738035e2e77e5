package io.multistatus.dispatch.tomcat;

import static io.multistatus.support.Envelopes.item;
import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.WebApps;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar in the WEB-INF/lib of a web app on Tomcat, which hides nothing from it. */
@Tag("tomcat")
class TomcatDropInIT {
    @TempDir
    Path war;

    @TempDir
    Path base;

    @Test
    void theJarAloneIsEnough() throws Exception {
        WebApps.withTheJarIn(war);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        // Otherwise the jar of this very test run, on the class path of the server, would count as another fragment.
        StandardJarScanner ofTheAppOnly = new StandardJarScanner();
        ofTheAppOnly.setScanClassPath(false);
        tomcat.addWebapp("/shop", war.toString()).setJarScanner(ofTheAppOnly);
        try {
            tomcat.start();
            HttpResponse<String> response =
                    WebApps.postBatch(tomcat.getConnector().getLocalPort());

            assertThat(response.statusCode()).isEqualTo(207);
            assertThat(item(response, "0").path("body").path("hello").asBoolean())
                    .isTrue();
            assertThat(item(response, "1").path("status").asInt()).isEqualTo(404);
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
