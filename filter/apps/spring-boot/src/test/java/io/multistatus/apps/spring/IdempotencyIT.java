package io.multistatus.apps.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multistatus.IdempotencyFilter;
import io.multistatus.equivalence.Field;
import io.multistatus.equivalence.HttpAnswer;
import io.multistatus.equivalence.RequestCase;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/** Requests with an {@code Idempotency-Key}, and jobs, in the app's own database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotencyIT {
    private static final List<String> IN_DATABASE = List.of(
            "multistatus.idempotency.enabled=true",
            "multistatus.idempotency.data-source=dataSource",
            "multistatus.idempotency.create-table=true",
            "multistatus.job-data-source=dataSource",
            "multistatus.create-job-table=true");

    private Host host;
    private Client client;

    @BeforeAll
    void start() {
        host = Host.start(IN_DATABASE);
        client = new Client(host.port());
    }

    @AfterEach
    void clear() {
        host.context().getBean(Lines.class).clear();
    }

    @AfterAll
    void stop() {
        host.close();
    }

    private static RequestCase keyed(String target, String key) {
        return RequestCase.of("POST", target).with("Idempotency-Key", "\"" + key + "\"");
    }

    @Test
    void aRequestWithAKeyRunsOnce() throws IOException {
        HttpAnswer first = client.alone(keyed("/public/lines/a", "once"));
        HttpAnswer second = client.alone(keyed("/public/lines/a", "once"));

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.all("Idempotency-Replayed")).isEmpty();
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.all("Idempotency-Replayed")).containsExactly("true");
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(host.context().getBean(Lines.class).count()).isEqualTo(1);
    }

    @Test
    void theEndpointSaysWhereKeysAreServed() throws IOException {
        assertThat(client.alone(RequestCase.get("/batch")).text()).contains("\"idempotency\":{\"paths\":[\"/*\"]}");
    }

    @Test
    void theItemsOfABatchWithAKeyRunOnce() throws IOException {
        List<RequestCase> items =
                List.of(RequestCase.of("POST", "/public/lines/a"), RequestCase.of("POST", "/public/lines/b"));
        Field key = new Field("Idempotency-Key", "\"batch\"");

        assertThat(client.batch(items, key).items()).allMatch(item -> item.status() == 201);
        assertThat(client.batch(items, key).items()).allMatch(item -> item.status() == 201);
        assertThat(host.context().getBean(Lines.class).count()).isEqualTo(2);
    }

    /** What is refused in front of the filter is not kept, and does not use the key up. */
    @Test
    void itStandsBehindSpringSecurity() throws IOException {
        Client.Login user = client.login("user0");
        RequestCase request =
                Cases.inSession(Cases.json("/api/notes", "\"noted\"").with("Idempotency-Key", "\"behind\""), user);
        RequestCase withToken = request.with("X-CSRF-TOKEN", user.token());

        assertThat(client.alone(request).status()).isEqualTo(403);
        HttpAnswer first = client.alone(withToken);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.all("Idempotency-Replayed")).isEmpty();
        assertThat(client.alone(withToken).all("Idempotency-Replayed")).containsExactly("true");
        assertThat(client.alone(request).status()).as("without the token").isEqualTo(403);
    }

    @Test
    void jobsAreInTheDatabase() throws IOException {
        HttpAnswer posted = client.batchAnswer(
                List.of(RequestCase.of("POST", "/public/lines/job")), new Field("Prefer", "respond-async"));

        assertThat(posted.status()).isEqualTo(202);
        JdbcTemplate jdbc = host.context().getBean(JdbcTemplate.class);
        await().untilAsserted(() -> assertThat(jdbc.queryForList("select state from multistatus_job", String.class))
                .containsExactly("DONE"));
        assertThat(host.context().getBean(Lines.class).count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "multistatus.idempotency.ttl=0s,              idempotency.ttl is 'PT0S'",
        "multistatus.idempotency.data-source=nowhere, idempotency.dataSource is 'nowhere': no DataSource bean has that name",
        "multistatus.idempotency.colour=blue,         multistatus.idempotency.colour",
        "multistatus.job-data-source=nowhere,         jobDataSource is 'nowhere': no DataSource bean has that name",
    })
    void whatIsWrongStopsTheStartByName(String property, String named) {
        assertThatThrownBy(() -> Host.start(List.of("multistatus.idempotency.enabled=true", property))
                        .close())
                .satisfies(thrown -> assertThat(messages(thrown)).contains(named));
    }

    private static String messages(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            all.append(each.getMessage()).append('\n');
        }
        return all.toString();
    }

    @Test
    void itIsNotThereUnlessAskedFor() throws IOException {
        try (Host without = Host.start(List.of())) {
            assertThat(without.context().containsBean("multistatusIdempotencyFilter"))
                    .isFalse();
        }
    }

    static class WithOwn {
        @Bean
        FilterRegistrationBean<IdempotencyFilter> own() {
            FilterRegistrationBean<IdempotencyFilter> own = new FilterRegistrationBean<>(new IdempotencyFilter());
            own.setEnabled(false);
            return own;
        }
    }

    @Test
    void anAppsOwnFilterIsTheOnlyOne() {
        try (Host own = Host.start(List.of("multistatus.idempotency.enabled=true"), WithOwn.class)) {
            assertThat(own.context().getBeansOfType(FilterRegistrationBean.class))
                    .doesNotContainKey("multistatusIdempotencyFilter");
        }
    }
}
