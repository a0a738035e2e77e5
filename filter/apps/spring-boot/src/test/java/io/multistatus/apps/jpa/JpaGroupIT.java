package io.multistatus.apps.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.multistatus.apps.spring.Client;
import io.multistatus.equivalence.BatchAnswer;
import io.multistatus.equivalence.ItemAnswer;
import io.multistatus.equivalence.RequestCase;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.orm.jpa.JpaTransactionManager;

/** Groups of items in an app on JPA, whose entity manager is open in view. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JpaGroupIT {
    private ConfigurableApplicationContext app;
    private Client client;

    @BeforeAll
    void start() {
        app = SpringApplication.run(JpaApp.class, "--server.port=0");
        client = new Client(app.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    @AfterEach
    void nothingIsOpen() {
        HikariDataSource pool = app.getBean(HikariDataSource.class);
        await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
        app.getBean(NoteRepository.class).deleteAll();
    }

    @AfterAll
    void stop() {
        app.close();
    }

    private String alone(String target) throws IOException {
        return client.alone(RequestCase.get(target)).text();
    }

    @Test
    void theManagerIsThatOfJpa() {
        assertThat(app.getBean(JpaTransactionManager.class)).isNotNull();
    }

    @Test
    void aGroupThatSucceedsStays() throws IOException {
        BatchAnswer batch = client.group("notes/a?text=one", "notes/b?text=two");

        assertThat(batch.items()).extracting(ItemAnswer::status).containsExactly(201, 201);
        assertThat(alone("/notes")).isEqualTo("2");
    }

    @Test
    void aGroupThatFailsLeavesNothing() throws IOException {
        BatchAnswer batch = client.group("notes/a?text=one", "notes/b?text=conflict", "notes/c?text=three");

        assertThat(batch.items()).extracting(ItemAnswer::status).containsExactly(424, 409, 424);
        assertThat(alone("/notes")).isEqualTo("0");
    }

    @Test
    void itemsShareTheEntityManagerSoWhatOneChangesIsWritten() throws IOException {
        client.group("notes/a?text=one", "notes/b?text=two");
        client.alone(RequestCase.of("POST", "/notes/a/text?text=lost"));
        assertThat(alone("/notes/a")).isEqualTo("one true");

        BatchAnswer batch = client.group("notes/a/text?text=kept", "notes/c?text=three");

        assertThat(batch.items()).extracting(ItemAnswer::status).containsExactly(200, 201);
        assertThat(alone("/notes/a")).isEqualTo("kept true");
    }

    /** A row that clashes and a bean that is not valid: JPA tells when it writes, after all handlers have returned. */
    @ParameterizedTest
    @CsvSource({"notes/a/slot?slot=b", "notes/a/text?text="})
    void whatJpaRefusesAtTheCommitLeavesNothing(String culprit) throws IOException {
        client.group("notes/a?text=one", "notes/b?text=two");

        BatchAnswer batch = client.group("notes/c?text=three", culprit);

        assertThat(batch.items())
                .allSatisfy(item -> assertThat(item.status()).isEqualTo(424))
                .allSatisfy(item -> assertThat(item.body().asText()).contains("commit-failed"));
        assertThat(alone("/notes")).isEqualTo("2");
        assertThat(alone("/notes/a")).isEqualTo("one true");
    }
}
