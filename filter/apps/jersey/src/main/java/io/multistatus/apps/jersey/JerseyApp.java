package io.multistatus.apps.jersey;

import org.glassfish.jersey.server.ResourceConfig;

/** Resources and providers of an app that knows nothing of batches. */
public final class JerseyApp extends ResourceConfig {

    public JerseyApp() {
        register(Resources.class);
        register(AsyncResources.class);
        register(OutOfStockMapper.class);
        register(MarkFilter.class);
        register(LineProvider.class);
    }
}
