package io.multistatus.transaction;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a handler has of its group's connection: for the handler a connection of its own, with settings, statements and
 * {@linkplain HandlerTransaction transactions} of its own. Guarded by the group's lock.
 */
final class SharedConnection implements InvocationHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SharedConnection.class);

    private final Connection physical;
    private final GroupConnection group;
    private final HandlerTransaction transaction;
    private final SharedSettings settings;
    private final Set<Statement> statements = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Connection proxy;
    private volatile boolean closed;

    SharedConnection(Connection physical, GroupConnection group, boolean autoCommit) {
        this.physical = physical;
        this.group = group;
        this.transaction = new HandlerTransaction(physical, group, autoCommit);
        this.settings = new SharedSettings(physical);
        this.proxy = (Connection) Proxy.newProxyInstance(
                SharedConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, this);
    }

    /** What the handler gets. */
    Connection proxy() {
        return proxy;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
        return switch (method.getName()) {
            case "equals" -> arguments != null && self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> "connection of a group, " + physical;
            case "isClosed" -> closed || group.isOver();
            case "abort" -> {
                closed = true;
                group.doom(new SQLException("A handler has aborted the connection of its group"));
                yield null;
            }
            case "close" -> group.afterwards(this::close);
            case "isValid" -> closed || group.isOver() ? false : forward(method, arguments);
            default -> forward(method, arguments);
        };
    }

    private @Nullable Object forward(Method method, Object @Nullable [] arguments) throws Throwable {
        return group.within(() -> {
            if (closed) {
                throw new SQLException("The connection is closed");
            }
            return arguments == null ? withoutArgument(method) : withArgument(method, arguments);
        });
    }

    private @Nullable Object withoutArgument(Method method) throws Throwable {
        switch (method.getName()) {
            case "getAutoCommit" -> {
                return transaction.isAutoCommit();
            }
            case "commit" -> {
                transaction.checkNoAutoCommit("commit");
                transaction.commit();
            }
            case "rollback" -> {
                transaction.checkNoAutoCommit("rollback");
                transaction.rollback();
            }
            case "setSavepoint" -> {
                transaction.checkNoAutoCommit("setSavepoint");
                return execute(physical, method, null);
            }
            // Where a request begins, for the driver, and where it ends: the group's other handlers are in between.
            case "beginRequest", "endRequest" -> {}
            default -> {
                return SharedObject.wrap(Calls.call(physical, method, null), this, null);
            }
        }
        return null;
    }

    private @Nullable Object withArgument(Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        switch (name) {
            case "setAutoCommit" -> transaction.setAutoCommit((Boolean) arguments[0]);
            case "setTransactionIsolation" -> group.isolate(physical, (Integer) arguments[0]);
            case "setReadOnly" -> checkReadOnly((Boolean) arguments[0]);
            case "rollback" -> {
                transaction.checkNoAutoCommit(name);
                transaction.checkAlone();
                return Calls.call(physical, method, arguments);
            }
            case "setSavepoint", "releaseSavepoint" -> {
                transaction.checkNoAutoCommit(name);
                return execute(physical, method, arguments);
            }
            case "isWrapperFor" -> {
                return ((Class<?>) arguments[0]).isInstance(proxy) || physical.isWrapperFor((Class<?>) arguments[0]);
            }
            case "unwrap" -> {
                return unwrap((Class<?>) arguments[0], proxy, method, physical);
            }
            default -> {
                if (SharedSettings.isSetter(name)) {
                    settings.remember(name);
                    return execute(physical, method, arguments);
                }
                return SharedObject.wrap(Calls.call(physical, method, arguments), this, null);
            }
        }
        return null;
    }

    private void checkReadOnly(boolean wanted) throws SQLException {
        if (wanted != physical.isReadOnly()) {
            throw new SQLFeatureNotSupportedException("In a group of a batch all handlers have one connection; none can"
                    + " change whether it is read-only");
        }
    }

    /** Of this, or of what is {@code shared} of it. */
    Object unwrap(Class<?> type, Object shared, Method unwrap, Object target) throws Throwable {
        if (type.isInstance(shared)) {
            return shared;
        }
        Object unwrapped = Objects.requireNonNull(Calls.call(target, unwrap, new Object[] {type}));
        transaction.workUnseen();
        return unwrapped;
    }

    /** Has the database do something, within the handler's transaction. */
    @Nullable
    Object execute(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        return transaction.execute(() -> Calls.call(target, method, arguments));
    }

    HandlerTransaction transaction() {
        return transaction;
    }

    GroupConnection group() {
        return group;
    }

    void opened(Statement statement) {
        statements.add(statement);
    }

    void closed(Statement statement) {
        statements.remove(statement);
    }

    /** What has not been committed is lost, as it is with connection pools. */
    private @Nullable Object close() throws SQLException {
        if (closed) {
            return null;
        }
        closed = true;
        closeStatements();
        group.closed(this);
        if (group.isUsable()) {
            transaction.rollback();
            try {
                settings.restore();
            } catch (SQLException e) {
                group.doom(e);
                throw e;
            }
        }
        return null;
    }

    /** The group is over, and the handler has not closed this. */
    void leave() {
        transaction.leave();
        closeStatements();
    }

    private void closeStatements() {
        for (Statement statement : List.copyOf(statements)) {
            try {
                statement.close();
            } catch (SQLException e) {
                LOG.debug("A statement that a handler has left open cannot be closed", e);
            }
        }
        statements.clear();
    }
}
