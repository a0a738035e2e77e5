package io.multistatus.demo.store;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** The database failed at something that should have worked. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String ROLLED_BACK = "40";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    StoreException(String what, SQLException cause) {
        super("The database failed at " + what, cause);
    }

    /** Whether the same may work when it is tried again: others were in the way, in a deadlock, for too long, or on all connections. */
    public boolean mayPass() {
        return getCause() instanceof SQLTransientException
                || (getCause() instanceof SQLException failure && othersWereInTheWay(failure.getSQLState()));
    }

    /** PostgreSQL's driver has one class of exceptions for everything. */
    private static boolean othersWereInTheWay(@Nullable String sqlState) {
        return sqlState != null && (sqlState.startsWith(ROLLED_BACK) || sqlState.equals(LOCK_NOT_AVAILABLE));
    }
}
