package io.multistatus.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The servlet containers that the demo can run in. As text they are what the command line calls them. */
enum Container {
    JETTY,
    TOMCAT,
    UNDERTOW;

    /** What the command line can call one of them, for people to read. */
    static final String NAMES = Arrays.stream(values()).map(Container::toString).collect(Collectors.joining(", "));

    /** The container that the command line calls so; empty if there is none. */
    static Optional<Container> named(String name) {
        return Arrays.stream(values())
                .filter(container -> container.toString().equals(name))
                .findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
