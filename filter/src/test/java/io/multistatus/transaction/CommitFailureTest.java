package io.multistatus.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitFailureTest {

    @ParameterizedTest
    @CsvSource({
        "08006, true,  false",
        "08S01, true,  false",
        "22001, false, true",
        "23505, false, true",
        "40001, false, true",
        "40003, true,  false",
        "57P01, false, false",
        "HY000, false, false",
        "'',    false, false",
        ",      false, false",
    })
    void whatADatabaseSaysIsTakenAtItsWord(String state, boolean unknown, boolean refusal) {
        SQLException failure = new SQLException("on purpose", state);
        assertThat(CommitFailure.isCompletionUnknown(failure)).isEqualTo(unknown);
        assertThat(CommitFailure.isRefusal(failure)).isEqualTo(refusal);
    }

    @Test
    void theDatabasesFailureIsFoundHoweverItIsWrapped() {
        SQLException failure = new SQLException("on purpose");
        assertThat(CommitFailure.sqlException(failure)).containsSame(failure);
        assertThat(CommitFailure.sqlException(new RuntimeException(new IllegalStateException(failure))))
                .containsSame(failure);
        assertThat(CommitFailure.sqlException(new RuntimeException("of no database")))
                .isEmpty();
    }

    @Test
    void aRingOfCausesHasAnEnd() {
        Exception one = new Exception("one");
        Exception other = new Exception("other", one);
        one.initCause(other);
        assertThat(CommitFailure.sqlException(one)).isEmpty();
    }
}
