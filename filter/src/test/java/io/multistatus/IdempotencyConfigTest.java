package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletException;
import java.time.Duration;
import java.util.Map;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class IdempotencyConfigTest {
    private static void init(Map<String, String> params) throws ServletException {
        IdempotencyFilter filter = new IdempotencyFilter();
        filter.init(new StubFilterConfig(params));
        filter.destroy();
    }

    @Test
    void nothingHasToBeSet() throws Exception {
        init(Map.of());
        IdempotencyConfig config = IdempotencyConfig.builder().build();
        assertThat(config.ttl()).isEqualTo(Duration.ofDays(1));
        assertThat(config.credentialHeaders()).containsExactly("Authorization", "X-API-Key");
    }

    @Test
    void allThatIsWrongIsNamed() {
        assertThatThrownBy(() -> init(Map.of(
                        "ttl", "0s",
                        "maxEntries", "0",
                        "maxResponseBytes", "2GiB",
                        "table", "a b",
                        "leese", "1s")))
                .isInstanceOf(ServletException.class)
                .hasMessageContaining("ttl is 'PT0S': a time from 1 millisecond to 365 days is allowed")
                .hasMessageContaining("maxEntries is '0': a number from 1 to 100000000 is allowed")
                .hasMessageContaining("maxResponseBytes is '2147483648'")
                .hasMessageContaining("table is 'a b': a name of letters, digits and underscores is allowed")
                .hasMessageContaining("leese is no configuration key; did you mean lease?");
    }

    @Test
    void aDataSourceIsLookedUp() {
        assertThatThrownBy(() -> init(Map.of("dataSource", "java:comp/env/jdbc/none")))
                .hasMessageContaining(
                        "dataSource is 'java:comp/env/jdbc/none': the name in JNDI of a javax.sql.DataSource");
    }

    @Test
    void aTableIsMadeIfThatIsAskedFor() throws Exception {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:keys;DB_CLOSE_DELAY=-1");
        IdempotencyFilter filter = new IdempotencyFilter(IdempotencyConfig.builder()
                .dataSource(source)
                .table("keys")
                .createTable(true)
                .build());
        filter.init(new StubFilterConfig(Map.of()));
        filter.destroy();
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            assertThat(statement.executeQuery("select * from keys").next()).isFalse();
        }
    }

    @Test
    void aTableThatCannotBeMadeStopsTheStart() {
        JdbcDataSource nowhere = new JdbcDataSource();
        nowhere.setURL("jdbc:h2:tcp://127.0.0.1:1/nothing");
        IdempotencyFilter filter = new IdempotencyFilter(IdempotencyConfig.builder()
                .dataSource(nowhere)
                .createTable(true)
                .build());
        assertThatThrownBy(() -> filter.init(new StubFilterConfig(Map.of())))
                .isInstanceOf(ServletException.class)
                .hasMessageContaining("createTable");
    }

    @Test
    void whatIsTransactionalIsInADatabase() {
        assertThatThrownBy(() -> init(Map.of("transactional", "true")))
                .hasMessageContaining("transactional is 'true': only allowed with a dataSource");
    }

    @Test
    void thereIsOneStore() {
        assertThatThrownBy(() -> IdempotencyConfig.builder()
                        .dataSource(new JdbcDataSource())
                        .store(new io.multistatus.idempotency.MemoryIdempotencyStore(Duration.ofDays(1), 1, 1))
                        .build())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("only allowed without a store");
    }
}
