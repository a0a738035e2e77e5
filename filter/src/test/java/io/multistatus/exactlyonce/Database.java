package io.multistatus.exactlyonce;

import io.multistatus.idempotency.JdbcIdempotencyStore;
import io.multistatus.support.TempDirectory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL that can be stopped and started again, with its data. */
final class Database implements AutoCloseable {
    private static final String NAME_OF_NODES = "shop";

    private final TempDirectory directory;
    private final int port;
    private @Nullable EmbeddedPostgres server;

    Database() throws IOException, SQLException {
        directory = TempDirectory.create();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        start();
        JdbcIdempotencyStore.createTable(source(), JdbcIdempotencyStore.TABLE);
        // No constraint: what is done twice is to be seen.
        execute("create table line (item text not null, step int not null, process bigint not null)");
    }

    void start() throws IOException {
        // The program stays there, unpacked, until the build's folder is cleaned.
        Path program = Files.createDirectories(Path.of(System.getProperty("basedir", ""), "target", "postgresql"));
        File data = directory.path().resolve("data").toFile();
        server = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(program.toAbsolutePath().toFile())
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
    }

    void stop() throws IOException {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    private DataSource source() {
        return Objects.requireNonNull(server).getPostgresDatabase();
    }

    /** For the processes of the app. */
    String url() {
        return url(NAME_OF_NODES);
    }

    private String url(String application) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&ApplicationName=" + application;
    }

    /** Breaks all connections of the app's processes. */
    void breakConnections() throws SQLException {
        query("select pg_terminate_backend(pid)::text from pg_stat_activity where application_name = '" + NAME_OF_NODES
                + "'");
    }

    /** What is written in the table of the batch with that name: item and step. */
    List<String> lines(String batch) throws SQLException {
        return query("select item || ' ' || step from line where item like '" + batch + "-%'").stream()
                .sorted()
                .toList();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("test"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("test"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } finally {
            directory.close();
        }
    }
}
