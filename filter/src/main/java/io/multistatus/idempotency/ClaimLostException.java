package io.multistatus.idempotency;

import java.sql.SQLException;

/** The key of a request that has run is somebody else's by now, who may have run the request as well. */
final class ClaimLostException extends SQLException {
    private static final long serialVersionUID = 1L;

    ClaimLostException(String message) {
        super(message);
    }
}
