package io.multistatus.dispatch.forward;

import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parameters as forms are encoded, in the order they are added. Not thread-safe. */
final class ItemParameters {
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /**
     * Adds what {@code text} says.
     *
     * @param where what to call it if it cannot be read
     */
    void add(String text, Charset charset, String where) {
        try {
            for (String pair : text.split("&", -1)) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = equals < 0 ? pair : pair.substring(0, equals);
                    String value = equals < 0 ? "" : pair.substring(equals + 1);
                    values.computeIfAbsent(URLDecoder.decode(name, charset), key -> new ArrayList<>())
                            .add(URLDecoder.decode(value, charset));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedParametersException(where, e);
        }
    }

    /** All of them; unmodifiable. */
    Map<String, String[]> toMap() {
        Map<String, String[]> map = new LinkedHashMap<>();
        values.forEach((name, all) -> map.put(name, all.toArray(String[]::new)));
        return Collections.unmodifiableMap(map);
    }
}
