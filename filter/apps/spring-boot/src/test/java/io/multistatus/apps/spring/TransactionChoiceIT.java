package io.multistatus.apps.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.BatchFilter;
import io.multistatus.InvalidConfigException;
import io.multistatus.equivalence.BatchAnswer;
import io.multistatus.equivalence.ItemAnswer;
import io.multistatus.transaction.BatchTransaction;
import jakarta.servlet.ServletContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Which transactions the groups of an app run in. */
class TransactionChoiceIT {
    private static final String ITEM = "public/lines/transaction";

    /** Counts its commits. */
    static final class CountingManager extends AbstractPlatformTransactionManager {
        private static final long serialVersionUID = 1L;

        final AtomicInteger commits = new AtomicInteger();

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            commits.incrementAndGet();
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }

    /** The app's own. */
    static final class CountingTransaction implements BatchTransaction {
        final AtomicInteger commits = new AtomicInteger();

        @Override
        public Running begin(Duration limit) {
            return new Running() {
                @Override
                public void commit() {
                    commits.incrementAndGet();
                }

                @Override
                public void rollback() {}
            };
        }
    }

    static class Two {
        @Bean
        CountingManager orders() {
            return new CountingManager();
        }

        @Bean
        CountingManager stock() {
            return new CountingManager();
        }
    }

    static class TwoWithAPrimary {
        @Bean
        CountingManager orders() {
            return new CountingManager();
        }

        @Bean
        @Primary
        CountingManager stock() {
            return new CountingManager();
        }
    }

    static class Own {
        @Bean
        CountingTransaction own() {
            return new CountingTransaction();
        }
    }

    static class OwnFilter {
        @Bean
        BatchFilter batchFilter() {
            return new BatchFilter();
        }
    }

    private static List<Integer> statuses(Host host) throws Exception {
        return batch(host).items().stream().map(ItemAnswer::status).toList();
    }

    private static BatchAnswer batch(Host host) throws Exception {
        return new Client(host.port()).group(ITEM, ITEM);
    }

    private static int commits(Host host, String manager) {
        return host.context().getBean(manager, CountingManager.class).commits.get();
    }

    @Test
    void ofSeveralManagersNoneIsTakenAndTheLogSaysHowToChoose() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try (Host host = Host.start(List.of(), Two.class)) {
            System.setOut(before);
            assertThat(said.toString(StandardCharsets.UTF_8))
                    .contains("[orders, stock]")
                    .contains("multistatus.transaction-manager");
            assertThat(statuses(host)).containsExactly(501, 501);
        } finally {
            System.setOut(before);
        }
    }

    /** Spring Boot's own manager, which nobody has asked for before. */
    @Test
    void theOnlyManagerIsTakenAlsoWhereBeansAreLazy() throws Exception {
        try (Host host = Host.start(List.of("spring.main.lazy-initialization=true"))) {
            BatchAnswer batch = batch(host);
            assertThat(batch.items()).extracting(ItemAnswer::status).containsExactly(200, 200);
            assertThat(batch.item("0").body().asText()).isEqualTo("multistatus.group");
        }
    }

    @Test
    void thePrimaryManagerIsTaken() throws Exception {
        try (Host host = Host.start(List.of(), TwoWithAPrimary.class)) {
            assertThat(statuses(host)).containsExactly(200, 200);
            assertThat(commits(host, "stock")).isEqualTo(1);
            assertThat(commits(host, "orders")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Two.class, TwoWithAPrimary.class})
    void theNamedManagerIsTaken(Class<?> managers) throws Exception {
        try (Host host = Host.start(List.of("multistatus.transaction-manager=orders"), managers)) {
            assertThat(statuses(host)).containsExactly(200, 200);
            assertThat(commits(host, "orders")).isEqualTo(1);
            assertThat(commits(host, "stock")).isZero();
        }
    }

    @Test
    void theAppsOwnBatchTransactionGoesFirst() throws Exception {
        try (Host host = Host.start(List.of(), TwoWithAPrimary.class, Own.class)) {
            assertThat(statuses(host)).containsExactly(200, 200);
            assertThat(host.context().getBean(CountingTransaction.class).commits)
                    .hasValue(1);
            assertThat(commits(host, "stock")).isZero();
        }
    }

    @Test
    void theAppsOwnBatchTransactionIsNotUsedWhereThePropertiesSayNone() throws Exception {
        try (Host host = Host.start(List.of("multistatus.atomicity=none"), TwoWithAPrimary.class, Own.class)) {
            assertThat(batch(host).http().first("Batch-Atomicity")).hasValue("none");
            assertThat(host.context().getBean(CountingTransaction.class).commits)
                    .hasValue(0);
            assertThat(commits(host, "stock")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "nobody,       multistatus.atomicity=auto,      there are [orders&stock]",
        "users,        multistatus.atomicity=auto,      there are [orders&stock]",
        "orders,       multistatus.atomicity=none,      only allowed with atomicity=auto",
        "orders,       multistatus.dispatcher=loopback, not allowed with dispatcher=loopback",
    })
    void aNameThatCannotBeStopsTheStart(String name, String property, String why) {
        assertThatThrownBy(() -> Host.start(List.of("multistatus.transaction-manager=" + name, property), Two.class)
                        .close())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("transactionManager is '" + name + "'")
                .hasMessageContaining(why.replace("&", ", "));
    }

    @Test
    void aManagerThatIsNotUsedStopsTheStart() {
        assertThatThrownBy(() -> Host.start(List.of("multistatus.transaction-manager=orders"), Two.class, Own.class)
                        .close())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("'own'");
    }

    @Test
    void anAppsOwnFilterIsLeftToTheApp() {
        try (Host host = Host.start(List.of(), OwnFilter.class)) {
            assertThat(host.context().getBeansOfType(PlatformTransactionManager.class))
                    .hasSize(1);
            assertThat(host.context().getBean(ServletContext.class).getAttribute(BatchTransaction.ATTRIBUTE))
                    .isNull();
        }
    }
}
