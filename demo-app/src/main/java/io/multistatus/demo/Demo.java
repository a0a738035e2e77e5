package io.multistatus.demo;

import io.multistatus.demo.store.Database;
import java.io.PrintStream;
import java.net.BindException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Starts the demo shop. */
public final class Demo {
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private Demo() {}

    /** Serves the shop until the process is told to stop (SIGTERM, Ctrl+C); exits with 2 on a bad command line. */
    public static void main(String[] arguments) {
        int exit = run(arguments, System.out, System.err);
        if (exit != 0) {
            System.exit(exit);
        }
    }

    /** Returns once the shop serves, with 0; or with the exit code of what kept it from doing so. */
    private static int run(String[] arguments, PrintStream out, PrintStream err) {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            err.println("multistatus-demo: " + e.getMessage() + " (see --help)");
            return BAD_USAGE;
        }
        if (options.help()) {
            out.print(Options.USAGE);
            return 0;
        }
        return serve(options, out, err);
    }

    private static int serve(Options options, PrintStream out, PrintStream err) {
        Logging.collect();
        Database database;
        try {
            database = Database.open(options.databaseUrl());
        } catch (SQLException e) {
            err.println("multistatus-demo: cannot open the database '" + withoutPassword(options.databaseUrl()) + "': "
                    + withoutPassword(reason(e)));
            return FAILED;
        }
        DemoServer server = DemoServer.of(options, database);
        try {
            server.start();
        } catch (Exception e) {
            server.close();
            err.println("multistatus-demo: " + whyNotStarted(options, e));
            return FAILED;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "demo-shutdown"));
        out.print(Banner.text(server));
        out.flush();
        return 0;
    }

    private static String whyNotStarted(Options options, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "cannot listen on '" + options.host() + "': there is no such host";
            }
            if (cause instanceof BindException) {
                return "cannot listen on " + options.host() + ":" + options.port() + ": " + reason(cause)
                        + " (another --port may be free; 0 finds one)";
            }
        }
        return "cannot start: " + failure;
    }

    /** One line: database drivers like to say more, or keep what matters to the cause. */
    private static String reason(Throwable failure) {
        String line = firstLine(failure.getMessage());
        Throwable cause = failure.getCause();
        return cause == null || line.contains(firstLine(cause.getMessage()))
                ? line
                : line + " (" + firstLine(cause.toString()) + ")";
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }

    /** The URL of a database, or a text with one in it, as others may see it. */
    private static String withoutPassword(String text) {
        return text.replaceAll("(?i)(password=)[^&;'\\s]*", "$1***");
    }
}
