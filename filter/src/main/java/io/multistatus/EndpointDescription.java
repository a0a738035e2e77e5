package io.multistatus;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.format.BatchFormat;
import io.multistatus.format.Dialect;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the endpoint says of itself: its capabilities, unless the client prefers a description in OpenAPI. Thread-safe. */
final class EndpointDescription {
    private static final String JSON = "application/json";

    private final BatchConfig config;
    private final List<BatchFormat> formats;
    private final Transactions transactions;
    private final JobEndpoint jobs;
    /** Its filter has one context path. */
    private final Map<Offer, byte[]> documents = new ConcurrentHashMap<>();

    EndpointDescription(BatchConfig config, List<BatchFormat> formats, Transactions transactions, JobEndpoint jobs) {
        this.config = config;
        this.formats = formats;
        this.transactions = transactions;
        this.jobs = jobs;
    }

    /** Answers {@code request}, whose batches {@code dispatcher} would serve. */
    void write(Dialect dialect, Dispatcher dispatcher, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Offer offer = new Offer(
                transactions.find().isPresent(),
                jobs.isPossible(dispatcher),
                ServedKeys.pathsIn(request.getServletContext()));
        byte[] body;
        if (prefersOpenApi(request)) {
            body = openApi(offer, request.getServletContext().getContextPath());
            response.setContentType(OpenApiDocument.MEDIA_TYPE);
        } else {
            body = CapabilitiesDocument.json(config, dialect, formats, offer);
            response.setContentType(JSON);
        }
        response.setContentLength(body.length);
        response.setHeader("Cache-Control", "no-cache");
        // Those in front may have said something too.
        response.addHeader("Vary", "Accept");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getOutputStream().write(body);
    }

    /** Made once for what is offered, which hardly changes. */
    private byte[] openApi(Offer offer, String contextPath) throws IOException {
        byte[] known = documents.get(offer);
        if (known == null) {
            known = OpenApiDocument.json(config, offer, contextPath);
            documents.put(offer, known);
        }
        return known;
    }

    /** Who accepts neither gets the capabilities: they are small, and were there first. */
    private static boolean prefersOpenApi(HttpServletRequest request) {
        AcceptedTypes accepted = AcceptedTypes.of(Collections.list(request.getHeaders("Accept")));
        return accepted.of(OpenApiDocument.ESSENCE, OpenApiDocument::isWhatIsAskedFor)
                .isAbove(accepted.of(JSON, range -> true));
    }
}
