package io.multistatus.dispatch.loopback;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherProvider;
import io.multistatus.dispatch.Dispatchers;
import io.multistatus.dispatch.OuterFacts;
import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Serves requests of every container, by HTTP to the server itself. Thread-safe. */
public final class LoopbackDispatcherProvider implements DispatcherProvider {
    /** There with TLS only, however a proxy in front may make the scheme look (Jakarta Servlet 6.0, section 3.10). */
    private static final String CIPHER_SUITE = "jakarta.servlet.request.cipher_suite";

    private final @Nullable ServerAddress configured;
    private final Dispatchers containers;

    /**
     * Connects to {@code url}, or to where each batch came in.
     *
     * @param url a scheme with a host and maybe a port
     * @param containers whom to ask about the outer request
     */
    public LoopbackDispatcherProvider(Optional<URI> url, Dispatchers containers) {
        this.configured = url.map(ServerAddress::of).orElse(null);
        this.containers = containers;
    }

    @Override
    public Optional<Dispatcher> open(HttpServletRequest outer, Executor executor) throws BatchException {
        HttpServletRequest innermost = OuterFacts.innermost(outer);
        OuterFacts facts = OuterFacts.of(outer, containers, executor);
        ServerAddress address = configured == null ? localAddress(innermost, facts) : configured;
        return Optional.of(new LoopbackDispatcher(
                facts, address, ClientView.of(outer, withoutBrackets(innermost.getRemoteAddr())), executor));
    }

    private static ServerAddress localAddress(HttpServletRequest outer, OuterFacts facts) throws BatchException {
        if (outer.getAttribute(CIPHER_SUITE) != null) {
            throw refusal("This batch came over TLS. The server's certificate is for the name that clients use, not for"
                    + " the local address, so the app must say which URL its loopback is to go to (loopbackUrl)");
        }
        InetSocketAddress local = facts.localAddress()
                .orElseThrow(
                        () -> refusal(
                                "Where this batch came in is only known from what the request says, which a client"
                                        + " may have had a hand in; the app must say which URL its loopback is to go to (loopbackUrl)"));
        return new ServerAddress(local.getAddress().getHostAddress(), local.getPort(), false);
    }

    /** Some containers write IPv6 addresses as URLs do. */
    private static @Nullable String withoutBrackets(@Nullable String address) {
        if (address == null || address.isEmpty()) {
            return null;
        }
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }

    private static BatchException refusal(String detail) {
        return new BatchException(Problem.of(501, "loopback-url-needed", "Batches are not supported here")
                .detail(detail));
    }
}
