package io.multistatus.apps.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.equivalence.RequestCase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The app as a WAR on a Tomcat that is there already: the filter's jar is in {@code WEB-INF/lib}, where the container
 * reads its web fragment, and Spring Boot registers the filter as well.
 */
class WarIT extends PipelineContract {
    private static final String CONTEXT = "/app";
    private static final String SWITCHED_OFF = "/off";
    private static final String CLASSES = "BOOT-INF/classes/";
    private static final String LIB = "BOOT-INF/lib/";

    @TempDir
    private static Path war;

    @TempDir
    private static Path base;

    private Tomcat tomcat;

    @BeforeAll
    void start() throws Exception {
        unpackInto(war);
        tomcat = new Tomcat();
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        addApp(CONTEXT);
        addApp(SWITCHED_OFF).addParameter("multistatus.enabled", "false");
        tomcat.start();
    }

    private Context addApp(String path) {
        Context app = tomcat.addWebapp(path, war.toString());
        // What this test runs with is on the class path of the server; the app has all of it for itself.
        StandardJarScanner ofTheAppOnly = new StandardJarScanner();
        ofTheAppOnly.setScanClassPath(false);
        app.setJarScanner(ofTheAppOnly);
        return app;
    }

    @AfterAll
    void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    /** The packaged app with everything where a WAR has it, without the container that it brings along. */
    private static void unpackInto(Path war) throws IOException {
        try (JarFile jar = new JarFile(System.getProperty("app.jar"))) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                String name = entry.getName();
                boolean wanted = name.startsWith(CLASSES)
                        || (name.startsWith(LIB) && !name.matches(".*/tomcat-embed-(core|websocket).*"));
                if (wanted && !entry.isDirectory()) {
                    Path file = war.resolve(name.replace("BOOT-INF", "WEB-INF"));
                    Files.createDirectories(file.getParent());
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.copy(in, file);
                    }
                }
            }
        }
    }

    @Override
    Client client() {
        return new Client(tomcat.getConnector().getLocalPort(), CONTEXT);
    }

    /** The fragment's filter knows nothing of what the properties say: of 200 items allowed, for one. */
    @Test
    void thePropertiesHoldAndNotTheFragment() throws IOException {
        String limits = client().alone(RequestCase.get("/batch")).text();
        assertThat(limits).contains("\"maxRequests\":200");
    }

    @Test
    void switchedOffThereIsNoEndpointNotEvenThatOfTheFragment() throws IOException {
        Client off = new Client(tomcat.getConnector().getLocalPort(), SWITCHED_OFF);
        RequestCase item = RequestCase.get("/public/json");

        assertThat(off.alone(item).status()).as("the app itself").isEqualTo(200);
        // Spring Security wants a CSRF token, as it does of any POST.
        assertThat(off.batchAnswer(List.of(item)).status()).isEqualTo(403);
    }
}
