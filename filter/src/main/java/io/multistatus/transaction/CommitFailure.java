package io.multistatus.transaction;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a database that would not commit says about what remains, by the SQLSTATE (ISO/IEC 9075-2, section 24.1). Nobody
 * knows unless it says so.
 */
public final class CommitFailure {
    /** Of what is wrong with the connection. */
    private static final String CONNECTION_EXCEPTION = "08";

    private static final String DATA_EXCEPTION = "22";
    private static final String INTEGRITY_VIOLATION = "23";
    private static final String TRANSACTION_ROLLBACK = "40";
    /** The one of its class that does not say so. */
    private static final String COMPLETION_UNKNOWN = "40003";

    /** More than any chain of causes that is none of a ring. */
    private static final int LONGEST_CHAIN = 100;

    private CommitFailure() {}

    /** The first failure of a database that {@code failure} is, or that is among its causes. */
    public static Optional<SQLException> sqlException(Throwable failure) {
        return causes(failure)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .findFirst();
    }

    /** {@code failure}, its cause, and so on. */
    public static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(LONGEST_CHAIN);
    }

    /** Whether it may have gone through before the connection broke: then even a rollback that succeeds proves nothing. */
    public static boolean isCompletionUnknown(SQLException failure) {
        String state = state(failure);
        return state.startsWith(CONNECTION_EXCEPTION) || state.equals(COMPLETION_UNKNOWN);
    }

    /** Whether the database says that it has refused the data or rolled back the transaction: then nothing remains. */
    public static boolean isRefusal(SQLException failure) {
        String state = state(failure);
        return state.startsWith(DATA_EXCEPTION)
                || state.startsWith(INTEGRITY_VIOLATION)
                || (state.startsWith(TRANSACTION_ROLLBACK) && !isCompletionUnknown(failure));
    }

    private static String state(SQLException failure) {
        String state = failure.getSQLState();
        return state == null ? "" : state;
    }
}
