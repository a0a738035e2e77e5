package io.multistatus.dispatch;

import io.multistatus.model.Headers;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * What a portable dispatcher says of the outer request: what the container's own dispatcher knows, or else what the
 * Servlet API tells. Immutable.
 *
 * @param nested whether it is an item of another batch
 * @param headers its fields, before the app wrapped it
 * @param authority where its client sent it to, if no field says that
 * @param maxResponseHeaderBytes how long the header of the answer may get
 * @param localAddress where its connection ends, as the container's own dispatcher knows it. Not what the Servlet API tells:
 *     that may be what a client has put into a proxy's field
 * @param disconnect as {@link Dispatcher#disconnect}
 */
public record OuterFacts(
        boolean nested,
        Headers headers,
        Optional<String> authority,
        int maxResponseHeaderBytes,
        Optional<InetSocketAddress> localAddress,
        Runnable disconnect) {
    /** What all containers give a response by default, or more. */
    private static final int USUAL_RESPONSE_HEADER_BYTES = 8_192;

    /**
     * Those of {@code outer}.
     *
     * @param containers the containers' own dispatchers; what one of them knows goes before what the Servlet API tells
     */
    public static OuterFacts of(HttpServletRequest outer, Dispatchers containers, Executor executor) {
        boolean isItem = containers.isItem(outer);
        Optional<Dispatcher> own = containers.find(outer, executor);
        return own.map(dispatcher -> new OuterFacts(
                        dispatcher.isNested(),
                        dispatcher.outerHeaders(),
                        dispatcher.authority(),
                        dispatcher.maxResponseHeaderBytes(),
                        dispatcher.localAddress(),
                        dispatcher::disconnect))
                .orElseGet(() -> new OuterFacts(
                        isItem,
                        headers(innermost(outer)),
                        Optional.empty(),
                        USUAL_RESPONSE_HEADER_BYTES,
                        Optional.empty(),
                        () -> {}));
    }

    /** The container's request below all that the app has wrapped around it. */
    public static HttpServletRequest innermost(HttpServletRequest request) {
        HttpServletRequest innermost = request;
        while (innermost instanceof ServletRequestWrapper wrapper) {
            ServletRequest inner = wrapper.getRequest();
            if (!(inner instanceof HttpServletRequest httpRequest)) {
                break;
            }
            innermost = httpRequest;
        }
        return innermost;
    }

    private static Headers headers(HttpServletRequest request) {
        Headers.Builder headers = Headers.builder();
        for (String name : Collections.list(request.getHeaderNames())) {
            for (String value : Collections.list(request.getHeaders(name))) {
                headers.add(name, value);
            }
        }
        return headers.build();
    }
}
