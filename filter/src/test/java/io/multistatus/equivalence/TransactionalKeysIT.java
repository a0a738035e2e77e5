package io.multistatus.equivalence;

import io.multistatus.atomicity.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;

/** Not where handlers run on other threads than the one that dispatches, as {@link KeysInGroupsIT}. */
@Tag("container")
@Tag("atomicity")
class TransactionalKeysIT extends TransactionalKeysContract {

    @Override
    TestDatabase open() throws SQLException {
        return TestDatabase.h2();
    }
}
