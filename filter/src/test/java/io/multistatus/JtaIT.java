package io.multistatus;

import static io.multistatus.support.Envelopes.batch;
import static io.multistatus.support.Envelopes.item;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.multistatus.support.TestServer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.UserTransaction;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Hashtable;
import java.util.concurrent.atomic.AtomicInteger;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import javax.sql.XAConnection;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups of items in transactions of a transaction manager, Narayana. */
@Tag("container")
class JtaIT {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final JdbcDataSource database = new JdbcDataSource();
    private final TransactionManager manager = com.arjuna.ats.jta.TransactionManager.transactionManager();
    private Connection observer;
    private TestServer server;

    /** A naming service that has what a container's has at {@code java:comp/UserTransaction}, and nothing else. */
    public static final class Names implements InitialContextFactory {
        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
            return new InitialContext(true) {
                @Override
                public Object lookup(String name) throws NamingException {
                    if (name.equals("java:comp/UserTransaction")) {
                        return com.arjuna.ats.jta.UserTransaction.userTransaction();
                    }
                    throw new NameNotFoundException(name);
                }
            };
        }
    }

    @BeforeEach
    void start() throws Exception {
        BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class)
                .setObjectStoreType(VolatileStore.class.getName());
        BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, "communicationStore")
                .setObjectStoreType(VolatileStore.class.getName());
        BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, "stateStore")
                .setObjectStoreType(VolatileStore.class.getName());
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Names.class.getName());
        database.setURL("jdbc:h2:mem:jta" + DATABASES.incrementAndGet());
        observer = database.getConnection();
        try (Statement statement = observer.createStatement()) {
            statement.execute("create table line (text varchar(100) not null unique)");
        }
        server = TestServer.create()
                .batch(config -> config.atomicity(AtomicityChoice.JTA))
                .servlet("/lines/*", this::insert)
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
        server.close();
        observer.close();
    }

    /** As with a data source of the container's: the connection belongs to the thread's transaction, if there is one. */
    private void insert(HttpServletRequest request, HttpServletResponse response) throws Exception {
        XAConnection connection = database.getXAConnection();
        if (manager.getTransaction() != null) {
            manager.getTransaction().enlistResource(connection.getXAResource());
        }
        try (PreparedStatement insert = connection.getConnection().prepareStatement("insert into line values (?)")) {
            insert.setString(1, request.getPathInfo().substring(1));
            insert.executeUpdate();
        }
        String then = request.getParameter("then");
        switch (then == null ? "" : then) {
            case "fail" -> response.sendError(409);
            case "doom" -> {
                manager.setRollbackOnly();
                response.setStatus(201);
            }
            case "begin" -> {
                UserTransaction own = com.arjuna.ats.jta.UserTransaction.userTransaction();
                own.begin();
            }
            default -> response.setStatus(201);
        }
    }

    private int count() throws SQLException {
        try (Statement statement = observer.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from line")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static String post(String id, String url) {
        return "{\"id\":\"" + id + "\",\"method\":\"POST\",\"url\":\"" + url + "\",\"atomicityGroup\":\"g\"}";
    }

    @Test
    void aGroupThatSucceedsStays() throws Exception {
        assertThat(statuses(server.post(batch(post("1", "/lines/a"), post("2", "/lines/b")))))
                .containsOnly(201);

        assertThat(count()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"/lines/c?then=fail, 409", "/lines/a, 500", "/lines/c?then=begin, 500"})
    void aGroupThatFailsLeavesNothing(String culprit, int status) throws Exception {
        HttpResponse<String> response =
                server.post(batch(post("1", "/lines/a"), post("2", culprit), post("3", "/lines/d")));

        assertThat(statuses(response)).containsExactly(424, status, 424);
        assertThat(count()).isZero();
    }

    @Test
    void aTransactionThatAHandlerHasDoomedIsNotCommitted() throws Exception {
        HttpResponse<String> response = server.post(batch(post("1", "/lines/a"), post("2", "/lines/b?then=doom")));

        assertThat(statuses(response)).containsExactly(424, 424);
        assertThat(item(response, "2").path("body").path("type").asText()).isEqualTo("urn:multistatus:commit-failed");
        assertThat(count()).isZero();
    }

    @Test
    void whereThereIsNoUserTransactionTheFilterSaysSo() {
        System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);

        assertThatThrownBy(() -> TestServer.create()
                        .batch(config -> config.atomicity(AtomicityChoice.JTA))
                        .start())
                .hasStackTraceContaining("atomicity is 'jta'")
                .hasStackTraceContaining("java:comp/UserTransaction");
    }
}
