package io.multistatus.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Drivers that throw what they should not, when they should not. */
class GroupConnectionErrorTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<String> calls = new ArrayList<>();
    private Set<String> failing = Set.of();
    private final TransactionalDataSource shop = new TransactionalDataSource(proxy(DataSource.class));

    /** Writes down what is called, and throws where it is to fail. */
    private <T> T proxy(Class<T> type) {
        InvocationHandler handler = (self, method, arguments) -> {
            String name = method.getName();
            if (method.getDeclaringClass() == Object.class) {
                return name.equals("hashCode")
                        ? (Object) System.identityHashCode(self)
                        : name.equals("equals") ? self == arguments[0] : type.getSimpleName();
            }
            String call = type.getSimpleName() + "." + name;
            calls.add(call);
            if (failing.contains(call)) {
                throw new StackOverflowError();
            }
            return result(method.getReturnType());
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private @Nullable Object result(Class<?> type) {
        if (type == Connection.class || type == Statement.class || type == Savepoint.class) {
            return proxy(type);
        }
        return type == boolean.class ? (Object) true : type == int.class ? (Object) 1 : null;
    }

    private void assertThreadHasNoGroup() throws Exception {
        failing = Set.of();
        assertThat(GroupConnection.current()).isEmpty();
        assertThat(shop.getConnection()).hasToString("Connection");
    }

    @Test
    void aThreadOnWhichNoGroupCouldBeginHasNone() throws Exception {
        failing = Set.of("DataSource.getConnection");
        assertThatThrownBy(() -> new JdbcTransaction(shop).begin(LIMIT)).isInstanceOf(StackOverflowError.class);
        assertThreadHasNoGroup();
    }

    @Test
    void aConnectionThatCannotBeUsedIsGivenBack() throws Exception {
        failing = Set.of("Connection.setAutoCommit");
        assertThatThrownBy(() -> new JdbcTransaction(shop).begin(LIMIT)).isInstanceOf(StackOverflowError.class);
        assertThat(calls).endsWith("Connection.close");
        assertThreadHasNoGroup();
    }

    @Test
    void aConnectionThatCannotBeGivenBackAsItWasIsAborted() throws Exception {
        for (String step : List.of("Statement.close", "Connection.commit", "Connection.rollback")) {
            BatchTransaction.Running group = new JdbcTransaction().begin(LIMIT);
            Connection connection = shop.getConnection();
            assertThat(connection.createStatement()).isNotNull();
            calls.clear();
            failing = Set.copyOf(List.of(step, "Connection.rollback"));
            assertThatThrownBy(step.equals("Connection.rollback") ? group::rollback : group::commit)
                    .isInstanceOf(StackOverflowError.class);
            assertThat(calls).as(step).endsWith("Connection.abort", "Connection.close");
            assertThreadHasNoGroup();
        }
    }
}
