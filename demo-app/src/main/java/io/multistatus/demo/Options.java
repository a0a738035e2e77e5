package io.multistatus.demo;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says.
 *
 * @param container what to run in
 * @param host the address to listen on
 * @param port the port to listen on, 0 for any that is free
 * @param tls whether it speaks HTTPS, and HTTP/2 with it
 * @param rttMillis the round trips, in milliseconds, that there is a port for besides
 * @param threads how many threads the server may have at most
 * @param itemTimeoutMillis how long an item of a batch may take, in milliseconds; a batch may take twice that
 * @param itemsPerMinute how many items a client may send in batches in a minute, 0 for as many as it likes
 * @param databaseUrl the JDBC URL of the shop's database
 * @param trace whether the spans of each batch are printed
 * @param help whether only the usage is wanted
 */
record Options(
        Container container,
        String host,
        int port,
        boolean tls,
        List<Integer> rttMillis,
        int threads,
        int itemTimeoutMillis,
        int itemsPerMinute,
        String databaseUrl,
        boolean trace,
        boolean help) {
    static final String DEFAULT_DATABASE_URL = "jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1";
    static final Container DEFAULT_CONTAINER = Container.JETTY;
    static final String USAGE = """
            Usage: java -jar multistatus-demo.jar [options]

              --container C  servlet container to run in: %s (default %s)
              --port N       port to listen on, 0 for any free one (default 8080)
              --host NAME    address to listen on (default 127.0.0.1: the demo's passwords are public)
              --tls          serve HTTPS, with HTTP/2, under a certificate for this run only (default: HTTP)
              --rtt MILLIS   round trips to try, each by a port of its own: 20,80 (default), or 0 for none
              --threads N    most threads the server may use, at least %d (default 200)
              --timeout MS   how long an item of a batch may take, and a batch twice that (default 30000)
              --items-per-minute N  most items a client may send in batches (default 0: no limit)
              --db URL       JDBC URL of a PostgreSQL or H2 database (default: H2 in memory, gone at exit)
              --trace        print each batch as the spans of its trace (default: do not)
              --help         print this and exit
            """.formatted(Container.NAMES, Options.DEFAULT_CONTAINER, Options.MIN_THREADS);

    /** Jetty's need: an acceptor, a selector, a spare one and one to serve requests with; others need no more. */
    static final int MIN_THREADS = 4;

    private static final int MAX_THREADS = 10_000;

    private static final int MIN_TIMEOUT_MILLIS = 10;
    private static final int MAX_TIMEOUT_MILLIS = 3_600_000;

    private static final int MAX_ITEMS_PER_MINUTE = 1_000_000;
    private static final int MAX_RTT_MILLIS = 10_000;
    private static final int MAX_RTTS = 8;

    /** What holds where the command line says nothing. */
    static Options defaults() {
        return new CommandLine().options();
    }

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException with a message for the user if an option is unknown or its value is bad
     */
    static Options parse(String... arguments) {
        CommandLine commandLine = new CommandLine();
        Iterator<String> rest = List.of(arguments).iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            commandLine.read(name, new Value(name, equals < 0 ? null : argument.substring(equals + 1), rest));
        }
        return commandLine.options();
    }

    /** What has been read so far. */
    private static final class CommandLine {
        private Container container = DEFAULT_CONTAINER;
        private String host = "127.0.0.1";
        private int port = 8080;
        private boolean tls;
        private List<Integer> rttMillis = List.of(20, 80);
        private int threads = 200;
        private int itemTimeoutMillis = 30_000;
        private int itemsPerMinute;
        private String databaseUrl = DEFAULT_DATABASE_URL;
        private boolean trace;
        private boolean help;

        void read(String name, Value value) {
            switch (name) {
                case "--container" -> container = value.container();
                case "--host" -> host = value.text();
                case "--port" -> port = value.number(0, 65_535);
                case "--tls" -> tls = value.none();
                case "--rtt" -> rttMillis = value.rtts();
                case "--threads" -> threads = value.number(MIN_THREADS, MAX_THREADS);
                case "--timeout" -> itemTimeoutMillis = value.number(MIN_TIMEOUT_MILLIS, MAX_TIMEOUT_MILLIS);
                case "--items-per-minute" -> itemsPerMinute = value.number(0, MAX_ITEMS_PER_MINUTE);
                case "--db" -> databaseUrl = value.text();
                case "--trace" -> trace = value.none();
                case "--help", "-h" -> help = true;
                default -> throw new IllegalArgumentException("unknown option '" + name + "'");
            }
        }

        Options options() {
            return new Options(
                    container,
                    host,
                    port,
                    tls,
                    rttMillis,
                    threads,
                    itemTimeoutMillis,
                    itemsPerMinute,
                    databaseUrl,
                    trace,
                    help);
        }
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

        /** True for an option that is there or not. */
        boolean none() {
            if (attached != null) {
                throw new IllegalArgumentException("option '" + option + "' takes no value");
            }
            return true;
        }

        /** Round trips without those that are there twice; none for 0. */
        List<Integer> rtts() {
            String text = text();
            if (text.equals("0")) {
                return List.of();
            }
            String[] each = text.split(",", -1);
            if (each.length <= MAX_RTTS && Arrays.stream(each).allMatch(Value::isRtt)) {
                return Arrays.stream(each).map(Integer::valueOf).distinct().toList();
            }
            throw new IllegalArgumentException("option '" + option + "' takes 1 to " + MAX_RTTS + " numbers from 1 to "
                    + MAX_RTT_MILLIS + ", separated by commas, or 0 for none, not '" + text + "'");
        }

        private static boolean isRtt(String text) {
            return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= MAX_RTT_MILLIS;
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
