package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.event.CapturedLog;
import io.multistatus.support.TestServer;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.transaction.TransactionalDataSource;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which transaction groups run in: the configuration's before the servlet context's before the app's service. */
@Tag("container")
class TransactionChoiceIT {
    private static final List<String> BEGUN = new CopyOnWriteArrayList<>();
    private static final String SERVICE = "META-INF/services/io.multistatus.transaction.BatchTransaction";

    @TempDir
    Path folder;

    /** Says what it is called when it begins. */
    abstract static class Named implements BatchTransaction {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public Running begin(Duration limit) {
            BEGUN.add(name);
            return new Running() {
                @Override
                public void commit() {}

                @Override
                public void rollback() {}
            };
        }
    }

    public static final class FirstService extends Named {
        public FirstService() {
            super("first service");
        }
    }

    public static final class SecondService extends Named {
        public SecondService() {
            super("second service");
        }
    }

    public static final class BrokenService extends Named {
        public BrokenService() {
            super("broken");
            throw new IllegalStateException("no database");
        }
    }

    @BeforeEach
    void forget() {
        BEGUN.clear();
    }

    private static BatchTransaction named(String name) {
        return new Named(name) {};
    }

    /** A class loader of an app with these services; the filter's classes are its parent's. */
    private URLClassLoader appWith(String app, String... services) throws IOException {
        Path file = folder.resolve(app).resolve(SERVICE);
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", services));
        return new URLClassLoader(
                new URL[] {folder.resolve(app).toUri().toURL()}, TransactionChoiceIT.class.getClassLoader());
    }

    private static TestServer serving(
            UnaryOperator<BatchConfigBuilder> config, @Nullable Object attribute, @Nullable ClassLoader loader)
            throws Exception {
        TestServer server = TestServer.create().batch(config).servlet("/do", (request, response) -> {});
        ServletContextHandler context = (ServletContextHandler) server.jetty().getHandler();
        context.setClassLoader(loader);
        context.setAttribute(BatchTransaction.ATTRIBUTE, attribute);
        try {
            return server.start();
        } catch (Exception e) {
            server.close();
            throw e;
        }
    }

    private static HttpResponse<String> postGroup(TestServer server) throws Exception {
        String entry = ",\"method\":\"POST\",\"url\":\"/do\",\"atomicityGroup\":\"g\"}";
        return server.post(batch("{\"id\":\"1\"" + entry, "{\"id\":\"2\"" + entry));
    }

    private static List<String> begunBy(TestServer server) throws Exception {
        BEGUN.clear();
        assertThat(statuses(postGroup(server))).containsExactly(200, 200);
        return List.copyOf(BEGUN);
    }

    @Test
    void theConfigurationComesBeforeTheAttributeBeforeTheService() throws Exception {
        try (URLClassLoader app = appWith("app", FirstService.class.getName())) {
            UnaryOperator<BatchConfigBuilder> nothing = UnaryOperator.identity();
            try (TestServer server =
                    serving(config -> config.transaction(named("configured")), named("attribute"), app)) {
                assertThat(begunBy(server)).containsExactly("configured");
            }
            try (TestServer server = serving(nothing, named("attribute"), app)) {
                assertThat(begunBy(server)).containsExactly("attribute");
            }
            try (TestServer server = serving(nothing, null, app)) {
                assertThat(begunBy(server)).containsExactly("first service");
            }
            new TransactionalDataSource(new JdbcDataSource());
            try (TestServer server =
                    serving(config -> config.atomicity(AtomicityChoice.JDBC), named("attribute"), app)) {
                assertThat(begunBy(server)).isEmpty();
            }
        }
    }

    @Test
    void theAttributeMayComeLaterThanTheFilter() throws Exception {
        try (TestServer server = serving(UnaryOperator.identity(), null, null)) {
            assertThat(statuses(postGroup(server))).containsExactly(501, 501);
            assertThat(server.send("GET", "/batch").body()).doesNotContain("atomicityGroup");

            ((ServletContextHandler) server.jetty().getHandler())
                    .getServletContext()
                    .setAttribute(BatchTransaction.ATTRIBUTE, named("late"));

            assertThat(begunBy(server)).containsExactly("late");
            assertThat(server.send("GET", "/batch").body()).contains("\"atomicityGroup\"");
        }
    }

    @Test
    void anAttributeThatIsNoTransactionCostsGroupsOnly() throws Exception {
        try (CapturedLog log = new CapturedLog();
                URLClassLoader app = appWith("app", FirstService.class.getName());
                TestServer server = serving(UnaryOperator.identity(), "a transaction", app)) {
            HttpResponse<String> capabilities = server.send("GET", "/batch");
            assertThat(capabilities.statusCode()).isEqualTo(200);
            assertThat(capabilities.body()).doesNotContain("atomicityGroup");
            assertThat(statuses(postGroup(server))).containsExactly(501, 501);
            assertThat(statuses(server.post(batch("{\"id\":\"1\",\"method\":\"POST\",\"url\":\"/do\"}"))))
                    .containsExactly(200);
            assertThat(log.lines("io.multistatus.Transactions"))
                    .singleElement()
                    .asString()
                    .contains(BatchTransaction.ATTRIBUTE, "java.lang.String", "no such transaction");
        }
    }

    @Test
    void appsThatShareTheFilterHaveEachItsOwnService() throws Exception {
        try (URLClassLoader first = appWith("first", FirstService.class.getName());
                URLClassLoader second = appWith("second", SecondService.class.getName());
                TestServer serverOfFirst = serving(UnaryOperator.identity(), null, first);
                TestServer serverOfSecond = serving(UnaryOperator.identity(), null, second);
                TestServer serverOfNone = serving(UnaryOperator.identity(), null, null)) {
            assertThat(begunBy(serverOfFirst)).containsExactly("first service");
            assertThat(begunBy(serverOfSecond)).containsExactly("second service");
            HttpResponse<String> refused = postGroup(serverOfNone);
            assertThat(statuses(refused)).containsExactly(501, 501);
            assertThat(item(refused, "1").path("body").path("type").asText())
                    .isEqualTo("urn:multistatus:atomicity-not-supported");
            assertThat(item(refused, "1").path("body").path("detail").asText()).contains("(atomicity)");
        }
    }

    @Test
    void aServiceThatCannotBeUsedKeepsTheFilterFromStarting() throws Exception {
        assertStartFails("missing", "com.example.Missing", "com.example.Missing");
        assertStartFails("broken", BrokenService.class.getName(), "BrokenService", "no database");
        assertStartFails("other", TransactionChoiceIT.class.getName(), "TransactionChoiceIT", "not a subtype");
        assertStartFails(
                "several",
                FirstService.class.getName() + "\n" + SecondService.class.getName(),
                "FirstService",
                "SecondService");
    }

    private void assertStartFails(String app, String services, String... named) throws IOException {
        try (URLClassLoader loader = appWith(app, services)) {
            assertThatThrownBy(() -> serving(UnaryOperator.identity(), null, loader))
                    .hasMessageContaining("io.multistatus.transaction.BatchTransaction")
                    .satisfies(thrown -> assertThat(thrown.getMessage()).contains(named));
        }
    }

    @Test
    void whereTheConfigurationSaysItNobodyLooksForAService() throws Exception {
        try (URLClassLoader app = appWith("app", "com.example.Missing");
                TestServer server = serving(config -> config.transaction(named("configured")), null, app)) {
            assertThat(begunBy(server)).containsExactly("configured");
        }
    }
}
