package io.multistatus.transaction;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What a handler has of its group's connection: for the handler a connection of its own, with transactions of its own, whose
 * ends are savepoints of the group's. For the group's thread only.
 */
final class SharedConnection implements InvocationHandler {
    private final Connection physical;
    private final GroupConnection group;
    private boolean autoCommit = true;
    private boolean closed;
    /** Where the handler's own transaction began; null with autocommit. */
    private @Nullable Savepoint begin;

    private SharedConnection(Connection physical, GroupConnection group) {
        this.physical = physical;
        this.group = group;
    }

    static Connection of(Connection physical, GroupConnection group) {
        return proxy(Connection.class, new SharedConnection(physical, group));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(SharedConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        boolean plain = arguments == null || arguments.length == 0;
        switch (method.getName()) {
            case "equals" -> {
                return arguments != null && proxy == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(this);
            }
            case "toString" -> {
                return "connection of a group, " + physical;
            }
            case "isClosed" -> {
                return closed;
            }
            case "close" -> {
                close();
                return null;
            }
            case "abort" -> {
                closed = true;
                return null;
            }
            case "isValid" -> {
                return !closed && physical.isValid((Integer) firstOf(arguments));
            }
            default -> checkOpen();
        }
        switch (method.getName()) {
            case "getAutoCommit" -> {
                return autoCommit;
            }
            case "setAutoCommit" -> {
                setAutoCommit((Boolean) firstOf(arguments));
                return null;
            }
            case "commit" -> {
                checkNoAutoCommit("commit");
                begin();
                return null;
            }
            case "rollback" -> {
                checkNoAutoCommit("rollback");
                if (plain) {
                    undo();
                    begin();
                    return null;
                }
            }
            default -> group.checkNotAbandoned();
        }
        return wrap(call(physical, method, arguments), (Connection) proxy);
    }

    private static Object firstOf(Object @Nullable [] arguments) {
        if (arguments == null) {
            throw new IllegalArgumentException("a method of Connection without its argument");
        }
        return arguments[0];
    }

    private void checkOpen() throws SQLException {
        if (closed) {
            throw new SQLException("The connection is closed");
        }
    }

    private void checkNoAutoCommit(String method) throws SQLException {
        if (autoCommit) {
            throw new SQLException(method + " is not allowed with autocommit");
        }
    }

    private void setAutoCommit(boolean on) throws SQLException {
        if (on != autoCommit) {
            autoCommit = on;
            begin();
        }
    }

    /** The handler's next transaction begins here. */
    private void begin() throws SQLException {
        begin = autoCommit ? null : physical.setSavepoint();
    }

    private void undo() throws SQLException {
        if (begin != null) {
            physical.rollback(begin);
        }
    }

    /** What has not been committed is lost, as it is with connection pools. */
    private void close() throws SQLException {
        if (!closed) {
            closed = true;
            undo();
        }
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** What would lead to the physical connection leads to this one. */
    private @Nullable Object wrap(@Nullable Object result, Connection shared) {
        if (result instanceof CallableStatement statement) {
            return proxy(CallableStatement.class, leadingTo(shared, statement));
        }
        if (result instanceof PreparedStatement statement) {
            return proxy(PreparedStatement.class, leadingTo(shared, statement));
        }
        if (result instanceof Statement statement) {
            return proxy(Statement.class, leadingTo(shared, statement));
        }
        if (result instanceof DatabaseMetaData data) {
            return proxy(DatabaseMetaData.class, leadingTo(shared, data));
        }
        return result;
    }

    private InvocationHandler leadingTo(Connection shared, Object target) {
        return (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "getConnection" -> {
                    return shared;
                }
                case "equals" -> {
                    return arguments != null && proxy == arguments[0];
                }
                case "hashCode" -> {
                    return System.identityHashCode(proxy);
                }
                case "close" -> {
                    return call(target, method, arguments);
                }
                default -> {
                    group.checkNotAbandoned();
                    return call(target, method, arguments);
                }
            }
        };
    }
}
