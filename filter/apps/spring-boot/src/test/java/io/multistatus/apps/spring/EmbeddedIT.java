package io.multistatus.apps.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;

/** The app with its embedded container. */
@Tag("container")
class EmbeddedIT extends PipelineContract {
    private Host host;
    private Client client;

    @BeforeAll
    void start() {
        host = Host.start(List.of());
        client = new Client(host.port());
    }

    @AfterAll
    void stop() {
        host.close();
    }

    @Override
    Client client() {
        return client;
    }

    @Test
    void runsOnTheVersionThatTheBuildAsksFor() {
        assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("boot.version"));
    }
}
