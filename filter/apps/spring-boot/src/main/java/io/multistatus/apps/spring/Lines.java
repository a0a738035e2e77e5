package io.multistatus.apps.spring;

import java.util.concurrent.CountDownLatch;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Rows of a table, in transactions. */
@Service
class Lines {
    private final JdbcTemplate jdbc;
    private final CountDownLatch holding = new CountDownLatch(1);
    private final CountDownLatch held = new CountDownLatch(1);

    Lines(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    public void add(String text) {
        insert(text);
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void addApart(String text) {
        insert(text);
    }

    @Transactional(timeout = 1)
    public void addInTime(String text) {
        insert(text);
    }

    @Transactional
    public void addAndFail(String text) {
        insert(text);
        throw new IllegalStateException("as planned");
    }

    /** Succeeds, and lets nobody commit it. */
    @Transactional
    public void addAndRefuse(String text) {
        insert(text);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCommit(boolean readOnly) {
                throw new IllegalStateException("refused, as planned");
            }
        });
    }

    /** Waits in the middle of its transaction until {@link #letGo} is called. */
    @Transactional
    public void addAndHang(String text) throws InterruptedException {
        insert(text);
        held.countDown();
        holding.await();
    }

    void awaitHeld() throws InterruptedException {
        held.await();
    }

    void letGo() {
        holding.countDown();
    }

    int count() {
        Integer count = jdbc.queryForObject("select count(*) from line", Integer.class);
        return count == null ? 0 : count;
    }

    void clear() {
        jdbc.update("delete from line");
    }

    private void insert(String text) {
        jdbc.update("insert into line values (?)", text);
    }
}
