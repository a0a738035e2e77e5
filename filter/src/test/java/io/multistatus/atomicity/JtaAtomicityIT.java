package io.multistatus.atomicity;

import static io.multistatus.atomicity.AtomicityContract.member;
import static io.multistatus.support.Envelopes.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.ats.internal.jta.transaction.arjunacore.BaseTransaction;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.multistatus.AtomicityChoice;
import io.multistatus.BatchConfig;
import io.multistatus.BatchConfigBuilder;
import io.multistatus.equivalence.HandlerHost;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.transaction.JtaTransaction;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups of items in transactions of a transaction manager, Narayana, on PostgreSQL. */
@Tag("container")
@Tag("atomicity")
class JtaAtomicityIT {
    private final TransactionManager manager = com.arjuna.ats.jta.TransactionManager.transactionManager();
    private final UserTransaction transactions = com.arjuna.ats.jta.UserTransaction.userTransaction();
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger returned = new AtomicInteger();
    private TestDatabase database;
    private JtaDataSource shop;
    private HandlerHost server;

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
    void openDatabase() throws Exception {
        BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class)
                .setObjectStoreType(VolatileStore.class.getName());
        BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, "communicationStore")
                .setObjectStoreType(VolatileStore.class.getName());
        BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, "stateStore")
                .setObjectStoreType(VolatileStore.class.getName());
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Names.class.getName());
        database = TestDatabase.postgres();
        shop = new JtaDataSource(database.xa(), manager);
    }

    private void serve(BatchConfigBuilder config) throws IOException {
        server = HandlerHost.start(config.atomicity(AtomicityChoice.JTA).build(), Map.of("lines", this::insert));
    }

    @AfterEach
    void stop() throws Exception {
        release.countDown();
        System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
        try {
            if (server != null) {
                server.close();
            }
            await().untilAsserted(() -> {
                assertThat(shop.active()).isZero();
                assertThat(database.idleInTransaction()).isZero();
            });
        } finally {
            database.close();
        }
    }

    private void insert(HttpServletRequest request, HttpServletResponse response) throws Exception {
        try (Connection connection = shop.getConnection()) {
            AtomicityContract.insert(connection, request.getPathInfo().substring(1));
            String then = request.getParameter("then");
            switch (then == null ? "" : then) {
                case "fail" -> response.sendError(410);
                case "throw" -> throw new IllegalStateException("on purpose");
                case "doom" -> {
                    manager.setRollbackOnly();
                    response.setStatus(201);
                }
                case "begin" -> transactions.begin();
                case "commit" -> transactions.commit();
                case "break" ->
                    database.query("select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where state = 'idle in transaction'"
                            + " and application_name = current_setting('application_name')");
                case "hang" -> release.await();
                case "async" -> {
                    AsyncContext async = request.startAsync();
                    async.start(() -> {
                        try {
                            release.await();
                            async.complete();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
                }
                default -> response.setStatus(201);
            }
        } finally {
            returned.incrementAndGet();
        }
    }

    @Test
    void aGroupThatSucceedsStays() throws Exception {
        serve(BatchConfig.builder());

        assertThat(statuses(server.post(member("1", "lines/a"), member("2", "lines/b"))))
                .containsOnly(201);
        assertThat(database.lines()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource({
        "lines/c?then=fail, 410",
        "lines/c?then=throw, 500",
        "lines/a, 500",
        "lines/c?then=begin, 500",
        "lines/c?then=async, 501",
    })
    void aGroupThatFailsLeavesNothing(String culprit, int status) throws Exception {
        serve(BatchConfig.builder());

        HttpResponse<String> response =
                server.post(member("1", "lines/a"), member("2", culprit), member("3", "lines/d"));

        assertThat(statuses(response)).containsExactly(424, status, 424);
        assertThat(AtomicityContract.type(response, "1")).isEqualTo("rolled-back");
        assertThat(database.lines()).isEmpty();
    }

    @Test
    void aTransactionThatAHandlerHasDoomedIsNotCommitted() throws Exception {
        serve(BatchConfig.builder());

        assertNotCommitted("lines/b?then=doom");
    }

    @Test
    void aConstraintThatIsLookedAtOnlyInTheEndLeavesNothing() throws Exception {
        database.execute("alter table line add constraint late unique (text) deferrable initially deferred");
        database.execute("alter table line drop constraint line_text_key");
        serve(BatchConfig.builder());

        assertNotCommitted("lines/a");
    }

    private void assertNotCommitted(String second) throws Exception {
        HttpResponse<String> response = server.post(member("1", "lines/a"), member("2", second));

        assertThat(statuses(response)).containsExactly(424, 424);
        assertThat(AtomicityContract.type(response, "2")).isEqualTo("commit-failed");
        assertThat(database.lines()).isEmpty();
    }

    @Test
    void aConnectionThatHasBrokenBeforeTheCommitLeavesNothing() throws Exception {
        serve(BatchConfig.builder());

        HttpResponse<String> response = server.post(member("1", "lines/a"), member("2", "lines/b?then=break"));

        assertThat(statuses(response)).containsExactly(500, 500);
        assertThat(AtomicityContract.type(response, "2")).isEqualTo("commit-in-doubt");
        assertThat(database.lines()).isEmpty();
    }

    @Test
    void aGroupThatTakesTooLongLeavesNothing() throws Exception {
        serve(BatchConfig.builder().itemTimeout(Duration.ofMillis(500)));

        assertGivenUp();
    }

    @Test
    void aGroupWhoseTransactionHasTimedOutLeavesNothing() throws Exception {
        serve(BatchConfig.builder().batchTimeout(Duration.ofSeconds(1)).itemTimeout(Duration.ofSeconds(1)));

        assertGivenUp();
    }

    private void assertGivenUp() throws Exception {
        HttpResponse<String> response =
                server.post(member("1", "lines/a"), member("2", "lines/b?then=hang"), member("3", "lines/c"));

        assertThat(statuses(response)).containsExactly(424, 504, 424);
        assertThat(database.lines()).as("while the handler hangs").isEmpty();
        release.countDown();
        await().until(() -> returned.get() == 2 && shop.active() == 0);
        assertThat(database.lines()).as("when the handler has come back").isEmpty();
    }

    @Test
    void aHandlerThatEndsTheTransactionItselfLeavesDoubtAndTheAnswerSaysSo() throws Exception {
        serve(BatchConfig.builder());

        HttpResponse<String> first = server.post(member("1", "lines/a"), member("2", "lines/b?then=commit"));
        HttpResponse<String> second = server.post(
                member("1", "lines/c"),
                member("2", "lines/d?then=commit"),
                member("3", "lines/a"),
                member("4", "lines/e"));

        assertThat(statuses(first)).containsExactly(500, 500);
        assertThat(AtomicityContract.type(first, "1")).isEqualTo("commit-in-doubt");
        assertThat(statuses(second)).containsExactly(500, 500, 500, 500);
        assertThat(AtomicityContract.type(second, "1")).isEqualTo("commit-in-doubt");
        assertThat(database.lines()).as("what the handlers have committed").containsExactly("a", "b", "c", "d");
    }

    @Test
    void transactionsOfTheAppsOwnHaveTheTimeThatTheyHadBefore() throws Exception {
        BaseTransaction narayana = (BaseTransaction) transactions;
        int before = narayana.getTimeout();

        BatchTransaction.Running group = new JtaTransaction(transactions).begin(Duration.ofSeconds(7));

        assertThat(narayana.getTimeout()).isEqualTo(before);
        group.rollback();
    }

    @Test
    void whereThereIsNoUserTransactionTheFilterSaysSo() {
        System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);

        assertThatThrownBy(JtaTransaction::lookUp).hasMessageContaining("java:comp/UserTransaction");
    }
}
