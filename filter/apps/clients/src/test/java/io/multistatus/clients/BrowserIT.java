package io.multistatus.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The browser module in a real Chromium, as the filter serves it. What it must do is in the files beside package.json. */
class BrowserIT {
    private static final NodeTests TESTS = new NodeTests("browser", 180);
    private static final String REQUIRED = "MULTISTATUS_REQUIRE_BROWSER";

    @RegisterExtension
    static final RunningDemos demos = new RunningDemos();

    private static final Path PROJECT =
            Path.of(System.getProperty("module.source")).resolve("../../../..").normalize();

    private static String chromium = "";

    @BeforeAll
    static void install() throws Exception {
        TESTS.assumeRunnable("The browser module", REQUIRED);
        Optional<Path> found = Chromium.find();
        if (found.isEmpty()) {
            NodeTests.abortUnlessRequired(
                    "The browser module cannot be tested on this machine: it has no chromium, chromium-browser or"
                            + " google-chrome on its PATH, and no CHROMIUM says where one is",
                    REQUIRED);
        }
        chromium = found.orElseThrow().toString();
        TESTS.install();
    }

    static List<Arguments> subjectsAndContainers() throws IOException {
        List<String> subjects = TESTS.subjects();
        return Stream.of("jetty", "tomcat")
                .flatMap(container -> subjects.stream().map(subject -> Arguments.of(subject, container)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("subjectsAndContainers")
    void theModuleWorksInChromium(String subject, String container) throws Exception {
        Map<String, String> environment = Map.of("CHROMIUM", chromium, "PROJECT", PROJECT.toString());
        NodeTests.Ended tests =
                TESTS.run(subject, container, demos.in(container).baseUrl(), environment);

        tests.expectAllPassed(subject + " in Chromium, " + container);
    }
}
