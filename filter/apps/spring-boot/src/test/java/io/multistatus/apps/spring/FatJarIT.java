package io.multistatus.apps.spring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The app as it is shipped: one jar with jars inside, loaded by Spring Boot's own class loader. */
class FatJarIT extends PipelineContract {
    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");
    private static final int PATIENCE_SECONDS = 10;

    private Process app;
    private Client client;

    @BeforeAll
    void start() throws IOException {
        app = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-jar",
                        System.getProperty("app.jar"),
                        "--server.port=0")
                .redirectErrorStream(true)
                .start();
        // Not closed: nobody would read what the app says then, and it would stop when the pipe is full.
        BufferedReader output = new BufferedReader(new InputStreamReader(app.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                client = new Client(Integer.parseInt(started.group(1)));
                Thread reader = new Thread(() -> output.lines().forEach(ignored -> {}), "output of the app");
                reader.setDaemon(true);
                reader.start();
                return;
            }
        }
        throw new IOException("The app has not started:\n" + said);
    }

    @AfterAll
    void stop() throws InterruptedException {
        app.destroy();
        if (!app.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            app.destroyForcibly().waitFor();
        }
    }

    @Override
    Client client() {
        return client;
    }
}
