package io.multistatus.transaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What a handler has set on its group's connection, which the next one is to find as it was. Guarded by the group's lock. */
final class SharedSettings {
    private static final Set<String> SETTERS =
            Set.of("setCatalog", "setSchema", "setHoldability", "setTypeMap", "setNetworkTimeout", "setClientInfo");

    private final Connection physical;
    private final Map<String, Restoration> before = new LinkedHashMap<>();

    SharedSettings(Connection physical) {
        this.physical = physical;
    }

    private interface Restoration {
        void run() throws SQLException;
    }

    static boolean isSetter(String method) {
        return SETTERS.contains(method);
    }

    /** Is called before {@code setter} is. */
    void remember(String setter) throws SQLException {
        if (!before.containsKey(setter)) {
            before.put(setter, restoration(setter));
        }
    }

    private Restoration restoration(String setter) throws SQLException {
        return switch (setter) {
            case "setCatalog" -> {
                String catalog = physical.getCatalog();
                yield () -> physical.setCatalog(catalog);
            }
            case "setSchema" -> {
                String schema = physical.getSchema();
                yield () -> physical.setSchema(schema);
            }
            case "setHoldability" -> {
                int holdability = physical.getHoldability();
                yield () -> physical.setHoldability(holdability);
            }
            case "setTypeMap" -> {
                Map<String, Class<?>> types = physical.getTypeMap();
                yield () -> physical.setTypeMap(types);
            }
            case "setNetworkTimeout" -> {
                int milliseconds = physical.getNetworkTimeout();
                yield () -> physical.setNetworkTimeout(Runnable::run, milliseconds);
            }
            // What a connection says of its client stays when it is given back to a pool, too.
            default -> () -> {};
        };
    }

    void restore() throws SQLException {
        for (Restoration each : before.values()) {
            each.run();
        }
        before.clear();
    }
}
