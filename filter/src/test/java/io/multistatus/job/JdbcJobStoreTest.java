package io.multistatus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.atomicity.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** With H2. */
class JdbcJobStoreTest extends JdbcJobStoreContract {

    @Override
    TestDatabase start() throws SQLException {
        return TestDatabase.h2();
    }

    @Test
    void aDatabaseThatCannotBeAskedIsNoAnswer() {
        JdbcDataSource nowhere = new JdbcDataSource();
        nowhere.setURL("jdbc:h2:tcp://127.0.0.1:1/nothing");
        try (JdbcJobStore store = new JdbcJobStore(nowhere, JdbcJobStore.TABLE, Duration.ofMinutes(1))) {
            assertThatThrownBy(() -> store.find(JobId.random()))
                    .isInstanceOf(JobStoreException.class)
                    .hasCauseInstanceOf(SQLException.class);
        }
    }

    @Test
    void theDdlIsForAnyName() {
        assertThat(JdbcJobStore.ddl("app.jobs"))
                .contains("table if not exists app.jobs (", "app.jobs_content (", "app_jobs_expires_at on app.jobs ")
                .endsWith(";\n");
        assertThatThrownBy(() -> JdbcJobStore.ddl("a; drop table b"))
                .hasMessageContaining("letters, digits and underscores");
    }
}
