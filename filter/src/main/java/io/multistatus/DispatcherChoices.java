package io.multistatus;

import io.multistatus.dispatch.Dispatchers;
import io.multistatus.dispatch.forward.ForwardDispatcherProvider;
import io.multistatus.dispatch.loopback.LoopbackDispatcherProvider;
import io.multistatus.wire.ForwardTargets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the choice of a dispatcher to the dispatcher. */
final class DispatcherChoices {
    private static final Logger LOG = LoggerFactory.getLogger(BatchFilter.class);

    private DispatcherChoices() {}

    /** The dispatchers that {@code config} asks for; says what it costs where that is more than time. */
    static Dispatchers of(BatchConfig config) {
        Dispatchers containers = Dispatchers.load();
        return switch (config.dispatcher()) {
            case AUTO -> containers;
            case LOOPBACK -> Dispatchers.of(new LoopbackDispatcherProvider(config.loopbackUrl(), containers));
            case FORWARD -> {
                LOG.warn(
                        "dispatcher=forward: the items of batches to {} go to {} past filters mapped for REQUEST, security"
                                + " constraints, error pages, @MultipartConfig and the access log, cannot be asynchronous,"
                                + " and the cookies of new sessions may be lost",
                        config.paths(),
                        config.forwardAllow());
                ForwardTargets targets = new ForwardTargets(config.forwardAllow());
                yield Dispatchers.of(new ForwardDispatcherProvider(targets::pathInContext, containers));
            }
        };
    }
}
