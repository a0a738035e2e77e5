package io.multistatus.opentelemetry;

import io.multistatus.model.Headers;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Header fields as what carries a context. */
final class Carriers {
    /** Reads them. */
    static final TextMapGetter<Headers> READER = new TextMapGetter<>() {
        /** Older versions of the API have no default for it. */
        @Override
        @SuppressWarnings("deprecation")
        public Iterable<String> keys(Headers carrier) {
            return carrier.names();
        }

        @Override
        public @Nullable String get(@Nullable Headers carrier, String key) {
            return carrier == null ? null : carrier.first(key).orElse(null);
        }

        /** A field may come in several lines: {@code tracestate} and {@code baggage} are lists. */
        @Override
        public Iterator<String> getAll(@Nullable Headers carrier, String key) {
            return carrier == null
                    ? Collections.emptyIterator()
                    : carrier.all(key).iterator();
        }
    };

    /** Writes them. */
    static final TextMapSetter<Headers.Builder> WRITER =
            (carrier, key, value) -> Objects.requireNonNull(carrier).add(key, value);

    private Carriers() {}
}
