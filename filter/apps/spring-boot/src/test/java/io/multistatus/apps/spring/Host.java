package io.multistatus.apps.spring;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The app, running in this JVM. */
record Host(ConfigurableApplicationContext context) implements AutoCloseable {

    /** Starts it on a free port, with properties {@code key=value} and further sources of beans. */
    static Host start(List<String> properties, Class<?>... more) {
        List<Class<?>> sources = new ArrayList<>(List.of(more));
        sources.add(0, SpringApp.class);
        SpringApplication app = new SpringApplication(sources.toArray(Class<?>[]::new));
        List<String> arguments = new ArrayList<>(List.of("--server.port=0"));
        properties.forEach(each -> arguments.add("--" + each));
        return new Host(app.run(arguments.toArray(String[]::new)));
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
