package io.multistatus.demo.store;

import java.sql.SQLException;
import java.sql.SQLTransientException;

/** The database failed at something that should have worked. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreException(String what, SQLException cause) {
        super("The database failed at " + what, cause);
    }

    /** Whether the same may work when it is tried again: others were in the way, in a deadlock, for too long, or on all connections. */
    public boolean mayPass() {
        return getCause() instanceof SQLTransientException;
    }
}
