package io.multistatus.support;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherCapabilities;
import io.multistatus.model.Headers;
import java.net.InetSocketAddress;
import java.util.Optional;

/** The way to a host that is made up; the outer request has nothing about it. */
public abstract class StubDispatcher implements Dispatcher {
    @Override
    public final DispatcherCapabilities capabilities() {
        return new DispatcherCapabilities("test", true, true, true);
    }

    @Override
    public final Headers outerHeaders() {
        return Headers.empty();
    }

    @Override
    public final Optional<String> authority() {
        return Optional.empty();
    }

    @Override
    public final int maxResponseHeaderBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public final Optional<InetSocketAddress> localAddress() {
        return Optional.empty();
    }

    @Override
    public final boolean isNested() {
        return false;
    }
}
