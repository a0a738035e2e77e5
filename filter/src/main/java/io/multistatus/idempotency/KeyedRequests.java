package io.multistatus.idempotency;

import io.multistatus.idempotency.IdempotencyStore.Answered;
import io.multistatus.idempotency.IdempotencyStore.Claim;
import io.multistatus.idempotency.IdempotencyStore.Outcome;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.transaction.GroupScope;
import io.multistatus.wire.ProblemResponse;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs requests that have a key once: the first goes to its handler, later ones are given what it answered
 * (draft-ietf-httpapi-idempotency-key-header-06). Thread-safe.
 */
public final class KeyedRequests {
    private static final Logger LOG = LoggerFactory.getLogger(KeyedRequests.class);
    static final String RETRY_AFTER_SECONDS = "1";
    /** Methods that change nothing (RFC 9110, section 9.2.1): they may run as often as anybody likes. */
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final IdempotencyStore store;
    private final Scopes scopes;
    private final int maxResponseBytes;
    private final boolean transactional;

    /**
     * Of that store.
     *
     * @param maxResponseBytes how long a body may be to be kept
     * @param transactional whether answers are kept in the transactions of what handlers do; for a {@link JdbcIdempotencyStore}
     */
    public KeyedRequests(IdempotencyStore store, Scopes scopes, int maxResponseBytes, boolean transactional) {
        this.store = store;
        this.scopes = scopes;
        this.maxResponseBytes = maxResponseBytes;
        this.transactional = transactional;
    }

    /** Passes a request on, or answers it. */
    public void serve(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        List<String> keys = Collections.list(request.getHeaders(IdempotencyKey.FIELD));
        if (keys.isEmpty() || SAFE.contains(request.getMethod())) {
            chain.doFilter(request, response);
            return;
        }
        KeyedRequest keyed = new KeyedRequest(request);
        HeldResponse held =
                new HeldResponse(response, maxResponseBytes, transactional ? Integer.MAX_VALUE : maxResponseBytes);
        Outcome outcome;
        try {
            outcome = store.claim(
                    new ScopedKey(scopes.of(request), IdempotencyKey.parse(keys).value()));
        } catch (MalformedKeyException e) {
            ProblemResponse.write(malformed(e), response);
            return;
        } catch (IdempotencyStoreException e) {
            LOG.error("A request with a key could not run: the store cannot tell whether it has run before", e);
            ProblemResponse.write(
                    Problem.of(
                                    503,
                                    "idempotency-store-unavailable",
                                    "It is not known whether the request has run before")
                            .detail("The store of Idempotency-Keys cannot be asked; the request has not run"),
                    response);
            return;
        }
        if (outcome.claim() != null) {
            run(keyed, held, response, outcome.claim(), chain);
        } else if (outcome.answered() != null) {
            answerAgain(keyed, outcome.answered(), response);
        } else {
            response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
            ProblemResponse.write(
                    Problem.of(409, "idempotency-key-in-use", "A request with this Idempotency-Key is running")
                            .detail("The request that came first has not ended; come back for its answer"),
                    response);
        }
    }

    private void run(
            KeyedRequest request, HeldResponse held, HttpServletResponse response, Claim claim, FilterChain chain)
            throws IOException, ServletException {
        if (transactional && GroupScope.current().isEmpty()) {
            new KeyedTransaction(request, held, response, (TransactionalClaim) claim).run(chain);
        } else if (transactional && !GroupScope.isJdbc()) {
            KeyedExchange.release(claim);
            ProblemResponse.write(
                    Problem.of(
                                    501,
                                    "transaction-of-another-kind",
                                    "The answer cannot be kept with the group of the item")
                            .detail(
                                    "Items with an Idempotency-Key are kept in the transactions of their groups here, which is"
                                            + " possible with atomicity=jdbc only; the item has not run"),
                    response);
        } else {
            goOn(new KeyedExchange(request, held, claim, transactional), request, held, chain);
        }
    }

    /** What is wrong with a request whose key is none. */
    public static Problem malformed(MalformedKeyException cause) {
        return Problem.of(400, "malformed-idempotency-key", "The Idempotency-Key is malformed")
                .detail("The field Idempotency-Key has no key: " + cause.getMessage());
    }

    /** Passes a dispatch of a request on that has gone async before, if it is a keyed one. */
    public static void goOn(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper && !(inner instanceof KeyedRequest)) {
            inner = wrapper.getRequest();
        }
        KeyedExchange exchange = inner instanceof KeyedRequest keyed ? keyed.exchange() : null;
        if (exchange == null) {
            chain.doFilter(request, response);
        } else {
            goOn(exchange, request, response, chain);
        }
    }

    private static void goOn(
            KeyedExchange exchange, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        exchange.begin();
        boolean returned = false;
        try {
            chain.doFilter(request, response);
            returned = true;
        } finally {
            // Whatever has been thrown: some languages throw checked exceptions that are not declared.
            if (!returned) {
                exchange.fail();
            }
        }
        exchange.dispatched();
    }

    private static void answerAgain(KeyedRequest request, Answered answered, HttpServletResponse response)
            throws IOException {
        if (!request.matches(answered.fingerprint())) {
            ProblemResponse.write(
                    Problem.of(422, "idempotency-key-reused", "The Idempotency-Key belongs to another request")
                            .detail("A request with this key has been answered whose method, URL or body was another"),
                    response);
            return;
        }
        StoredAnswer answer = answered.answer();
        if (answer.kind() == StoredAnswer.Kind.TOO_LONG) {
            ProblemResponse.write(
                    Problem.of(409, "answer-not-kept", "The request has run, and its answer is gone")
                            .detail(
                                    "The request with this Idempotency-Key was answered with " + answer.status()
                                            + "; the answer was too long to be kept, or was written without blocking. It does not run again"),
                    response);
            return;
        }
        response.setStatus(answer.status());
        Headers headers = answer.headers();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (isFirst(headers, i)) {
                response.setHeader(name, headers.value(i));
            } else {
                response.addHeader(name, headers.value(i));
            }
        }
        response.setHeader(Subresponse.REPLAYED, "true");
        switch (answer.kind()) {
            case ERROR -> response.sendError(answer.status(), answer.text());
            case REDIRECT -> response.sendRedirect(answer.text());
            default -> response.getOutputStream().write(answer.body());
        }
    }

    private static boolean isFirst(Headers headers, int index) {
        for (int i = 0; i < index; i++) {
            if (headers.name(i).equalsIgnoreCase(headers.name(index))) {
                return false;
            }
        }
        return true;
    }
}
