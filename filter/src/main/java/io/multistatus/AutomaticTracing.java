package io.multistatus;

import io.multistatus.event.BatchListener;
import io.multistatus.opentelemetry.TracingListener;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether there is something to trace with. The OpenTelemetry API is touched only if it is there. */
final class AutomaticTracing {
    private static final Logger LOG = LoggerFactory.getLogger(AutomaticTracing.class);
    private static final String API = "io.opentelemetry.api.GlobalOpenTelemetry";
    private static final String LISTENER = "io.multistatus.opentelemetry.TracingListener";

    private AutomaticTracing() {}

    /**
     * What traces batches, if that is possible and none of {@code others} does. If it is not wanted, what keeps the tracing of
     * the batch's request out of that of the items.
     */
    static Optional<BatchListener> listener(TracingChoice choice, List<BatchListener> others) {
        boolean traced =
                others.stream().anyMatch(each -> each.getClass().getName().equals(LISTENER));
        return traced || !isPossible() ? Optional.empty() : Optional.of(Present.create(choice));
    }

    private static boolean isPossible() {
        try {
            Class.forName(API, false, AutomaticTracing.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            LOG.trace("Batches are not traced: there is no OpenTelemetry API", e);
            return false;
        }
    }

    /** Not loaded where it is not. */
    private static final class Present {
        private Present() {}

        static BatchListener create(TracingChoice choice) {
            return choice == TracingChoice.OFF ? new TracingListener(() -> null) : new TracingListener();
        }
    }
}
