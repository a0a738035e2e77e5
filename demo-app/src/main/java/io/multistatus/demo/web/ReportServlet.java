package io.multistatus.demo.web;

import io.multistatus.demo.store.Reports;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /api/reports/daily}: asynchronous; the thread that took the request is free while the report is due. */
final class ReportServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ReportServlet.class);
    private static final long TIMEOUT_MILLIS = 10_000;

    /** As long as another system might take that is asked for the figures. */
    private static final long DELAY_MILLIS = 10;

    private final transient Reports reports;
    private final transient ScheduledExecutorService scheduler;

    ReportServlet(Reports reports, ScheduledExecutorService scheduler) {
        this.reports = reports;
        this.scheduler = scheduler;
    }

    @Override
    List<String> methods(List<String> segments) {
        return READ;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // answer() tells the client whatever goes wrong
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync(request, response);
        async.setTimeout(TIMEOUT_MILLIS);
        scheduler.schedule(() -> answer(async, response), DELAY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void answer(AsyncContext async, HttpServletResponse response) {
        try {
            Json.write(response, HttpServletResponse.SC_OK, reports.figures());
        } catch (IOException | RuntimeException e) {
            LOG.warn("The daily report failed", e);
            if (!response.isCommitted()) {
                response.reset();
                response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            }
        } finally {
            async.complete();
        }
    }
}
