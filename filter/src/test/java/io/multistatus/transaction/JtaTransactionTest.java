package io.multistatus.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JtaTransactionTest {
    /** Thrown on, it would leave the thread with a transaction that nobody ends. */
    @Test
    void aTimeoutThatCannotBeSetBackKeepsNoGroupFromBeginning() throws Exception {
        List<String> calls = new ArrayList<>();
        UserTransaction transactions = (UserTransaction) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {UserTransaction.class}, (self, method, arguments) -> {
                    calls.add(method.getName());
                    if (method.getName().equals("setTransactionTimeout") && arguments[0].equals(0)) {
                        throw new SystemException("cannot be set back");
                    }
                    return method.getReturnType() == int.class ? Status.STATUS_NO_TRANSACTION : null;
                });

        new JtaTransaction(transactions).begin(Duration.ofMillis(1500)).commit();

        assertThat(calls)
                .containsExactly("setTransactionTimeout", "begin", "setTransactionTimeout", "commit", "getStatus");
    }
}
