package io.multistatus.dispatch.forward;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.DispatcherCapabilities;
import io.multistatus.dispatch.Exchange;
import io.multistatus.dispatch.OuterFacts;
import io.multistatus.dispatch.ResponseSink;
import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.WireRequest;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards one item after another, on the thread of the outer request: containers keep the state of a forward in that
 * request, so a second thread would pull the rug from under the first.
 */
final class ForwardDispatcher implements Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardDispatcher.class);
    private static final DispatcherCapabilities CAPABILITIES =
            new DispatcherCapabilities("forward", false, false, false);
    private static final int BAD_REQUEST = HttpServletResponse.SC_BAD_REQUEST;

    private final HttpServletRequest outer;
    private final HttpServletResponse base;
    private final OuterFacts facts;
    private final ForwardDispatcherProvider.AllowedPaths allowed;
    private final Thread requestThread = Thread.currentThread();

    ForwardDispatcher(
            HttpServletRequest outer,
            HttpServletResponse base,
            OuterFacts facts,
            ForwardDispatcherProvider.AllowedPaths allowed) {
        this.outer = outer;
        this.base = base;
        this.facts = facts;
        this.allowed = allowed;
    }

    @Override
    public DispatcherCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Headers outerHeaders() {
        return facts.headers();
    }

    @Override
    public Optional<String> authority() {
        return facts.authority();
    }

    @Override
    public int maxResponseHeaderBytes() {
        return facts.maxResponseHeaderBytes();
    }

    @Override
    public Optional<InetSocketAddress> localAddress() {
        return facts.localAddress();
    }

    @Override
    public boolean isNested() {
        return facts.nested();
    }

    @Override
    public void disconnect() {
        facts.disconnect().run();
    }

    /** What it returns does nothing: an item has ended when its forward has returned. */
    @Override
    public Exchange dispatch(WireRequest request, ResponseSink sink) {
        if (Thread.currentThread() == requestThread) {
            forward(request, sink);
        } else {
            sink.instead(Problem.of(503, "request-thread-lost", "An earlier item holds the thread of the batch")
                    .detail("An earlier item has timed out, and its handler still holds the one thread that items"
                            + " can be forwarded on; this item has not run"));
        }
        return cause -> {};
    }

    private void forward(WireRequest request, ResponseSink sink) {
        Optional<String> path = allowed.pathInContext(request.target(), outer.getContextPath());
        if (path.isEmpty()) {
            sink.instead(Problem.of(403, "forbidden-target", "Batches may not go to this path")
                    .detail("The path of the subrequest is not among those that items may be forwarded to"));
            return;
        }
        ForwardResponse response =
                new ForwardResponse(base, sink, request.method().equals("HEAD"));
        try {
            RequestDispatcher dispatcher = outer.getServletContext().getRequestDispatcher(path.get());
            if (dispatcher == null) {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
            } else {
                ForwardRequest forwarded = new ForwardRequest(outer, request, path.get());
                response.resolvesAgainst(forwarded.getRequestURL().toString());
                dispatcher.forward(forwarded, response);
            }
            response.finish();
        } catch (IOException | ServletException | RuntimeException | Error e) {
            int status = statusOf(e);
            if (response.isGivenUp() || status == BAD_REQUEST) {
                LOG.debug("An item for {} failed", path.get(), e);
            } else {
                // No container is there to log what its error page would be for.
                LOG.warn("The servlet at {} failed", path.get(), e);
            }
            response.fail(status, e);
        }
    }

    /** Some containers wrap what a servlet throws. */
    private static int statusOf(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof MalformedParametersException) {
                return BAD_REQUEST;
            }
            if (cause instanceof UnavailableException unavailable) {
                return unavailable.isPermanent()
                        ? HttpServletResponse.SC_NOT_FOUND
                        : HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            }
        }
        return HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    }
}
