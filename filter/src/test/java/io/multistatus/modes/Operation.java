package io.multistatus.modes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An item of a generated batch: what it does to the notes.
 *
 * @param index where it stands in the batch
 * @param note the one that it is about, unless it is {@link Kind#LIST}
 * @param dependsOn ids of items, and names of groups, that stand before it
 * @param group its atomicityGroup
 * @param async whether its handler goes asynchronous
 */
record Operation(
        int index,
        Kind kind,
        int note,
        List<String> dependsOn,
        @Nullable String group,
        boolean async) {

    /** The kinds, with the method that asks for them. */
    enum Kind {
        READ("GET"),
        LIST("GET"),
        CREATE("POST"),
        REPLACE("PUT"),
        APPEND("PATCH"),
        DELETE("DELETE");

        final String method;

        Kind(String method) {
            this.method = method;
        }
    }

    String id() {
        return "i" + index;
    }

    boolean isSafe() {
        return kind.method.equals("GET");
    }

    String json() {
        String target = "/notes/" + (kind == Kind.LIST ? "" : note) + "?value=" + id() + (async ? "&async" : "");
        StringBuilder json = new StringBuilder(
                "{\"id\":\"%s\",\"method\":\"%s\",\"url\":\"%s\"".formatted(id(), kind.method, target));
        if (!dependsOn.isEmpty()) {
            json.append(",\"dependsOn\":[\"")
                    .append(String.join("\",\"", dependsOn))
                    .append("\"]");
        }
        if (group != null) {
            json.append(",\"atomicityGroup\":\"").append(group).append('"');
        }
        return json.append('}').toString();
    }
}
