package io.multistatus.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The programs of the page about clients, taken from it and run. */
class ExamplesIT {
    private static final Path PAGE = Path.of(System.getProperty("clients.page"));
    private static final Path FOLDER = Path.of(System.getProperty("examples.folder"));
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    /** With all the libraries of the tests, those that the page names among them. */
    private static final List<String> JAVA_FILE =
            List.of(JAVA, "-cp", System.getProperty("java.class.path"), "BatchExample.java");

    @RegisterExtension
    static final RunningDemos demos = new RunningDemos();

    @Test
    void curl() throws Exception {
        assumeThereIs("curl", "MULTISTATUS_REQUIRE_CURL");
        expectRetries("curl", List.of("sh", "batch.sh"));
    }

    @Test
    void java() throws Exception {
        expectRetries("Java", JAVA_FILE);
    }

    @Test
    void javaWithHttpClient5() throws Exception {
        expectRetries("Java with Apache HttpClient 5", JAVA_FILE);
    }

    @Test
    void javaScript() throws Exception {
        NodeClientsIT.TESTS.assumeRunnable("The example in JavaScript", "MULTISTATUS_REQUIRE_NODE");
        expectRetries("JavaScript", List.of("node", "batch.mjs"));
    }

    @Test
    void python() throws Exception {
        assumeThereIs("python3", "MULTISTATUS_REQUIRE_PYTHON");
        expectRetries("Python", List.of("python3", "batch.py"));
    }

    private static void assumeThereIs(String program, String required) throws InterruptedException {
        boolean there = false;
        try {
            there = new ProcessBuilder(program, "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            System.err.println(program + " cannot be started: " + e.getMessage());
        }
        if (!there) {
            NodeTests.abortUnlessRequired("There is no " + program + " here: its example is not run", required);
        }
    }

    /** What fails by chance on the page fails always here, so that it is certainly sent again, and given up. */
    private static void expectRetries(String heading, List<String> command) throws Exception {
        RunningDemo demo = demos.in("jetty");
        int before = lastCart(demo);

        List<String> printed = Example.of(PAGE, heading)
                .with("http://127.0.0.1:8080", demo.baseUrl())
                .with("rate=0.5", "rate=1")
                .run(FOLDER.resolve(heading.replace(' ', '-')), command);

        assertThat(printed)
                .containsExactly(
                        "1 product 200", "1 missing 404", "1 cart 201", "1 flaky 503", "2 flaky 503", "3 flaky 503");
        assertThat(lastCart(demo))
                .as("one cart by the example, one by the question")
                .isEqualTo(before + 2);
    }

    /** Makes a cart, whose number tells how many there have been. */
    private static int lastCart(RunningDemo demo) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(demo.baseUrl() + "/api/carts"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"customer\": \"Ada\"}"))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        String location = response.headers().firstValue("Location").orElseThrow();
        return Integer.parseInt(location.substring(location.lastIndexOf('/') + 1));
    }
}
