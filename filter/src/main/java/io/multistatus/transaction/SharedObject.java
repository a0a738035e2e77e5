package io.multistatus.transaction;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement, a result or a description of the database that comes from a {@link SharedConnection}: what would lead to the
 * group's connection leads to that one, and nothing is done there any more when the group is over.
 */
final class SharedObject implements InvocationHandler {
    private static final List<Class<?>> TYPES = List.of(
            CallableStatement.class, PreparedStatement.class, Statement.class, ResultSet.class, DatabaseMetaData.class);
    private static final Set<String> CHANGES = Set.of("insertRow", "updateRow", "deleteRow");

    private final Object target;
    private final SharedConnection connection;
    private final @Nullable Object parent;

    private SharedObject(Object target, SharedConnection connection, @Nullable Object parent) {
        this.target = target;
        this.connection = connection;
        this.parent = parent;
    }

    /** {@code result}, or what a handler gets in its place. */
    static @Nullable Object wrap(@Nullable Object result, SharedConnection connection, @Nullable Object parent) {
        for (Class<?> type : TYPES) {
            if (type.isInstance(result)) {
                if (result instanceof Statement statement) {
                    connection.opened(statement);
                }
                return Proxy.newProxyInstance(
                        SharedObject.class.getClassLoader(),
                        new Class<?>[] {type},
                        new SharedObject(result, connection, parent));
            }
        }
        return result;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
        GroupConnection group = connection.group();
        String name = method.getName();
        return switch (name) {
            case "equals" -> arguments != null && self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> "of a group, " + target;
            case "getConnection" -> connection.proxy();
            // From another thread, while the statement has the lock.
            case "isClosed", "cancel" -> Calls.call(target, method, arguments);
            case "close" ->
                group.afterwards(() -> {
                    if (target instanceof Statement statement) {
                        connection.closed(statement);
                    }
                    return Calls.call(target, method, arguments);
                });
            default -> group.within(() -> use(self, method, arguments));
        };
    }

    private @Nullable Object use(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
        String name = method.getName();
        if (name.equals("getStatement") && parent instanceof Statement) {
            return parent;
        }
        if (arguments != null && name.equals("unwrap")) {
            return connection.unwrap((Class<?>) arguments[0], self, method, target);
        }
        if (arguments != null && name.equals("isWrapperFor") && ((Class<?>) arguments[0]).isInstance(self)) {
            return true;
        }
        boolean execution = CHANGES.contains(name) || (target instanceof Statement && name.startsWith("execute"));
        Object result =
                execution ? connection.execute(target, method, arguments) : Calls.call(target, method, arguments);
        return result instanceof Connection ? connection.proxy() : wrap(result, connection, self);
    }
}
