package io.multistatus.idempotency;

import io.multistatus.model.Problem;
import io.multistatus.transaction.BatchTransaction;
import io.multistatus.transaction.CommitFailure;
import io.multistatus.transaction.GroupScope;
import io.multistatus.transaction.GroupScope.End;
import io.multistatus.transaction.JdbcTransaction;
import io.multistatus.wire.ProblemResponse;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A keyed request in a transaction of its own, as a group of one item: what its handler does and its answer are kept together or
 * not at all. It cannot go async, since no transaction would follow it. Used by one thread.
 */
final class KeyedTransaction {
    private static final Logger LOG = LoggerFactory.getLogger(KeyedTransaction.class);
    /** Not looked at by transactions of JDBC. */
    private static final Duration NO_LIMIT = Duration.ofDays(1);
    /** SQLSTATE classes of what may be better next time: the connection, another transaction, an operator. */
    private static final Set<String> PASSING = Set.of("08", "40", "57");

    private static final Problem UNAVAILABLE = Problem.of(
                    503, "transaction-unavailable", "There is no transaction to be had now")
            .detail("No transaction could be begun for the request; it has not run. The log of the app says why");
    private static final Problem ASYNCHRONOUS = Problem.of(
                    501, "asynchronous-in-transaction", "The request is asynchronous, which no transaction reaches")
            .detail(
                    "The handler wanted to go on on another thread, where the transaction of the request is not; nothing of it"
                            + " remains");
    private static final Problem LOST = Problem.of(
                    409, "idempotency-key-in-use", "A request with this Idempotency-Key is running")
            .detail(
                    "This one took so long that another one got its key, and was undone; come back for the answer of the"
                            + " other one");
    private static final Problem IN_DOUBT = Problem.of(
                    500, "commit-in-doubt", "It is not known whether the request was done")
            .detail(
                    "The commit did not come to a known end. With the same key the request is answered if it was done, and"
                            + " done if it was not");

    private final KeyedRequest request;
    private final HeldResponse held;
    private final HttpServletResponse response;
    private final TransactionalClaim claim;
    /** What filters in front have set. */
    private final Map<String, List<String>> before = new HashMap<>();

    KeyedTransaction(KeyedRequest request, HeldResponse held, HttpServletResponse response, TransactionalClaim claim) {
        this.request = request;
        this.held = held;
        this.response = response;
        this.claim = claim;
        for (String name : response.getHeaderNames()) {
            before.put(name, List.copyOf(response.getHeaders(name)));
        }
    }

    /** The whole request. */
    void run(FilterChain chain) throws IOException, ServletException {
        BatchTransaction.Running transaction;
        try {
            transaction = new JdbcTransaction().begin(NO_LIMIT);
        } catch (SQLException | RuntimeException | Error e) {
            LOG.error("No transaction could be begun for a request with an Idempotency-Key", e);
            KeyedExchange.release(claim);
            ProblemResponse.write(UNAVAILABLE, response);
            return;
        }
        GroupScope scope = GroupScope.openForOne();
        KeyedExchange exchange = new KeyedExchange(request, held, claim, true);
        request.refuseAsync();
        boolean succeeded = false;
        try {
            exchange.begin();
            chain.doFilter(request, held);
            succeeded = exchange.end();
        } catch (Throwable e) {
            if (!request.wasAsyncRefused() || response.isCommitted()) {
                throw e;
            }
            LOG.warn("A handler of a request with an Idempotency-Key has failed that cannot go async", e);
            answer(ASYNCHRONOUS);
            return;
        } finally {
            if (!succeeded) {
                rollback(transaction, scope, exchange);
            }
        }
        if (succeeded) {
            commit(transaction, scope, exchange);
        } else {
            held.send();
        }
    }

    private static void rollback(BatchTransaction.Running transaction, GroupScope scope, KeyedExchange exchange) {
        try {
            transaction.rollback();
        } catch (Exception | Error e) {
            // Without its connection the database ends it.
            LOG.error("A request with an Idempotency-Key could not be rolled back", e);
        }
        scope.end(End.ROLLED_BACK);
        exchange.fail();
    }

    private void commit(BatchTransaction.Running transaction, GroupScope scope, KeyedExchange exchange)
            throws IOException {
        Optional<Problem> failure = Optional.empty();
        try {
            transaction.commit();
            scope.end(End.COMMITTED);
        } catch (BatchTransaction.RolledBackException e) {
            LOG.warn("A request with an Idempotency-Key was rolled back when it was to be committed", e);
            scope.end(End.ROLLED_BACK);
            failure = Optional.of(failure(e));
        } catch (Exception | Error e) {
            scope.end(End.IN_DOUBT);
            End known = exchange.known();
            LOG.error("The commit of a request with an Idempotency-Key broke off; as far as is known: {}", known, e);
            failure = switch (known) {
                case COMMITTED -> Optional.empty();
                case ROLLED_BACK -> Optional.of(notCommitted(503));
                case IN_DOUBT -> Optional.of(IN_DOUBT);
            };
        }
        if (failure.isEmpty()) {
            held.send();
        } else if (response.isCommitted()) {
            // The handler has asked for it, to write without blocking. Whoever has it must not take it for all.
            throw new IOException("The answer has begun to go out, and its request was not committed");
        } else {
            answer(failure.get());
        }
    }

    private static Problem failure(BatchTransaction.RolledBackException e) {
        if (CommitFailure.causes(e).anyMatch(ClaimLostException.class::isInstance)) {
            return LOST;
        }
        String state =
                CommitFailure.sqlException(e).map(SQLException::getSQLState).orElse("");
        return notCommitted(state.length() >= 2 && PASSING.contains(state.substring(0, 2)) ? 503 : 500);
    }

    private static Problem notCommitted(int status) {
        return Problem.of(status, "commit-failed", "The request could not be committed")
                .detail(
                        "Nothing of the request remains, and with the same key it runs again. The log of the app says why");
    }

    /** In place of the handler's answer. */
    private void answer(Problem problem) throws IOException {
        response.reset();
        before.forEach((name, values) -> {
            response.setHeader(name, values.get(0));
            values.stream().skip(1).forEach(value -> response.addHeader(name, value));
        });
        if (problem.status() == HttpServletResponse.SC_CONFLICT) {
            response.setHeader("Retry-After", KeyedRequests.RETRY_AFTER_SECONDS);
        }
        ProblemResponse.write(problem, response);
    }
}
