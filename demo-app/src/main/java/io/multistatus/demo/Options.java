package io.multistatus.demo;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says.
 *
 * @param container what to run in
 * @param host the address to listen on
 * @param port the port to listen on, 0 for any that is free
 * @param threads how many threads the server may have at most
 * @param databaseUrl the JDBC URL of the shop's database
 * @param help whether only the usage is wanted
 */
record Options(Container container, String host, int port, int threads, String databaseUrl, boolean help) {
    static final String DEFAULT_DATABASE_URL = "jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1";
    static final Container DEFAULT_CONTAINER = Container.JETTY;
    static final String USAGE = """
            Usage: java -jar multistatus-demo.jar [options]

              --container C  servlet container to run in: %s (default %s)
              --port N       port to listen on, 0 for any free one (default 8080)
              --host NAME    address to listen on (default 127.0.0.1: the demo's passwords are public)
              --threads N    most threads the server may use, at least %d (default 200)
              --db URL       JDBC URL of a PostgreSQL or H2 database (default: H2 in memory, gone at exit)
              --help         print this and exit
            """.formatted(Container.NAMES, Options.DEFAULT_CONTAINER, Options.MIN_THREADS);

    /** Jetty's need: an acceptor, a selector, a spare one and one to serve requests with; others need no more. */
    static final int MIN_THREADS = 4;

    private static final int MAX_THREADS = 10_000;

    /** What holds where the command line says nothing. */
    static Options defaults() {
        return new Options(DEFAULT_CONTAINER, "127.0.0.1", 8080, 200, DEFAULT_DATABASE_URL, false);
    }

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException with a message for the user if an option is unknown or its value is bad
     */
    static Options parse(String... arguments) {
        Options options = defaults();
        Iterator<String> rest = List.of(arguments).iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            Value value = new Value(name, equals < 0 ? null : argument.substring(equals + 1), rest);
            options = options.with(name, value);
        }
        return options;
    }

    private Options with(String name, Value value) {
        return switch (name) {
            case "--container" -> new Options(value.container(), host, port, threads, databaseUrl, help);
            case "--host" -> new Options(container, value.text(), port, threads, databaseUrl, help);
            case "--port" -> new Options(container, host, value.number(0, 65_535), threads, databaseUrl, help);
            case "--threads" ->
                new Options(container, host, port, value.number(MIN_THREADS, MAX_THREADS), databaseUrl, help);
            case "--db" -> new Options(container, host, port, threads, value.text(), help);
            case "--help", "-h" -> new Options(container, host, port, threads, databaseUrl, true);
            default -> throw new IllegalArgumentException("unknown option '" + name + "'");
        };
    }

    /** The value of one option: behind its {@code =}, or else the next argument. */
    private record Value(String option, @Nullable String attached, Iterator<String> rest) {
        String text() {
            if (attached != null && !attached.isBlank()) {
                return attached;
            }
            if (attached == null && rest.hasNext()) {
                String next = rest.next();
                if (!next.isBlank() && !next.startsWith("--")) {
                    return next;
                }
            }
            throw new IllegalArgumentException("option '" + option + "' needs a value");
        }

        Container container() {
            String text = text();
            return Container.named(text)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "option '" + option + "' takes one of " + Container.NAMES + ", not '" + text + "'"));
        }

        int number(int min, int max) {
            String text = text();
            if (text.matches("[0-9]{1,9}")) {
                int number = Integer.parseInt(text);
                if (number >= min && number <= max) {
                    return number;
                }
            }
            throw new IllegalArgumentException(
                    "option '" + option + "' takes a number from " + min + " to " + max + ", not '" + text + "'");
        }
    }
}
