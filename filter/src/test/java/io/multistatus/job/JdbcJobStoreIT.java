package io.multistatus.job;

import io.multistatus.atomicity.TestDatabase;
import java.sql.SQLException;

/** With PostgreSQL. */
class JdbcJobStoreIT extends JdbcJobStoreContract {

    @Override
    TestDatabase start() throws SQLException {
        return TestDatabase.postgres();
    }
}
