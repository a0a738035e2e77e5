package io.multistatus.demo.store;

import java.sql.SQLException;

/** The database failed at something that should have worked. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreException(String what, SQLException cause) {
        super("The database failed at " + what, cause);
    }
}
