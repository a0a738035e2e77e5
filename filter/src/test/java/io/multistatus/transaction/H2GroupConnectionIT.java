package io.multistatus.transaction;

import io.multistatus.atomicity.TestDatabase;
import java.sql.SQLException;

class H2GroupConnectionIT extends GroupConnectionContract {

    @Override
    TestDatabase open() throws SQLException {
        return TestDatabase.h2();
    }
}
