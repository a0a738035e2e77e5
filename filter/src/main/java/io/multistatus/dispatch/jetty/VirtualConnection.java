package io.multistatus.dispatch.jetty;

import org.eclipse.jetty.server.ConnectionMetaData;

/**
 * The connection of the outer request as the items see it: the same connector, configuration, addresses and TLS state,
 * recognisable as ours. Thread-safe.
 */
final class VirtualConnection extends ConnectionMetaData.Wrapper {

    VirtualConnection(ConnectionMetaData outer) {
        super(outer);
    }

    /**
     * Whether a request that came on {@code connection} is an item of a batch. Goes by the name of the class, because a
     * batch filter of another web app has loaded this class for itself.
     */
    static boolean carries(ConnectionMetaData connection) {
        ConnectionMetaData current = connection;
        while (current instanceof ConnectionMetaData.Wrapper wrapper) {
            if (current.getClass().getName().equals(VirtualConnection.class.getName())) {
                return true;
            }
            current = wrapper.getWrapped();
        }
        return false;
    }
}
