package io.multistatus.clients;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The clients that run in Node. What each of them must do is in a file of its own, beside package.json. */
class NodeClientsIT {
    static final NodeTests TESTS = new NodeTests("node", 120);

    @RegisterExtension
    static final RunningDemos demos = new RunningDemos();

    @BeforeAll
    static void install() throws Exception {
        TESTS.assumeRunnable("The clients that run in Node", "MULTISTATUS_REQUIRE_NODE");
        TESTS.install();
    }

    static List<Arguments> clientsAndContainers() throws IOException {
        List<String> clients = TESTS.subjects();
        return Stream.of("jetty", "tomcat", "undertow")
                .flatMap(container -> clients.stream().map(client -> Arguments.of(client, container)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("clientsAndContainers")
    void theClientWorks(String client, String container) throws Exception {
        NodeTests.Ended tests = TESTS.run(client, container, demos.in(container).baseUrl(), Map.of());

        tests.expectAllPassed(client + " in " + container);
    }
}
