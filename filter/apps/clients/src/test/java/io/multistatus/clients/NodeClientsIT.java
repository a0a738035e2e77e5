package io.multistatus.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The clients that run in Node. What each of them must do is in a file of its own, beside package.json. */
class NodeClientsIT {
    @RegisterExtension
    static final RunningDemos demos = new RunningDemos();

    @BeforeAll
    static void install() throws Exception {
        Optional<String> whyNot = NodeTests.whyNot();
        if (whyNot.isPresent()) {
            String message = "The clients that run in Node cannot be tested on this machine: " + whyNot.get();
            assertThat(System.getenv("MULTISTATUS_REQUIRE_NODE")).as(message).isNotEqualTo("true");
            abort(message);
        }
        NodeTests.install();
    }

    static List<Arguments> clientsAndContainers() throws IOException {
        List<String> clients = NodeTests.clients();
        return Stream.of("jetty", "tomcat", "undertow")
                .flatMap(container -> clients.stream().map(client -> Arguments.of(client, container)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("clientsAndContainers")
    void theClientWorks(String client, String container) throws Exception {
        NodeTests.Ended tests =
                NodeTests.run(client, container, demos.in(container).baseUrl());

        System.out.println(client + " in " + container + "\n" + tests.output());
        tests.expectSuccess();
        assertThat(tests.count("pass")).as(tests.output()).isPositive().isEqualTo(tests.count("tests"));
    }
}
