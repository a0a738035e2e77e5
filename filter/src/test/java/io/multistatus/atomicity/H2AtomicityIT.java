package io.multistatus.atomicity;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;

@Tag("container")
class H2AtomicityIT extends AtomicityContract {

    @Override
    TestDatabase open() throws SQLException {
        return TestDatabase.h2();
    }
}
