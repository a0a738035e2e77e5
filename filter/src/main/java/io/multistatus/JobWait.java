package io.multistatus;

import io.multistatus.execution.BatchExecutor;
import io.multistatus.job.RunningJob;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the request that a job came with: by its result, if it is over within the time that the client is willing to wait, else
 * by where it can ask. No thread waits where the request can be async.
 */
final class JobWait {
    private static final Logger LOG = LoggerFactory.getLogger(JobWait.class);

    private final BatchExecutor executor;
    private final JobEndpoint endpoint;
    private final RunningJob job;
    private final String location;
    private final Duration wait;
    private final AtomicBoolean answered = new AtomicBoolean();

    JobWait(BatchExecutor executor, JobEndpoint endpoint, RunningJob job, String location, Duration wait) {
        this.executor = executor;
        this.endpoint = endpoint;
        this.job = job;
        this.location = location;
        this.wait = wait;
    }

    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (wait.isZero()) {
            endpoint.accepted(job, location, response);
        } else if (request.isAsyncSupported() && !request.isAsyncStarted()) {
            answerAsync(request, response);
        } else {
            job.awaitOver(wait);
            answerNow(request, response);
        }
    }

    private void answerAsync(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        async.addListener(new ClientGone());
        Runnable answer = () -> {
            if (!answered.getAndSet(true)) {
                answerAndComplete(async, request, response);
            }
        };
        Future<?> timer = executor.after(wait, answer);
        job.whenOver(() -> {
            timer.cancel(false);
            executor.forDeliveries().execute(answer);
        });
    }

    private void answerAndComplete(AsyncContext async, HttpServletRequest request, HttpServletResponse response) {
        try {
            answerNow(request, response);
        } catch (IOException | RuntimeException e) {
            LOG.debug("The client of job {} has not been answered", job.id(), e);
        } finally {
            try {
                async.complete();
            } catch (IllegalStateException e) {
                LOG.debug("The container has already ended the request", e);
            }
        }
    }

    private void answerNow(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (job.isOver()) {
            endpoint.doneInTime(job, location, request, response);
        } else {
            endpoint.accepted(job, location, response);
        }
    }

    /** The request may belong to somebody else by now. */
    private final class ClientGone implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            answered.set(true);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            answered.set(true);
        }

        @Override
        public void onError(AsyncEvent event) {
            if (!answered.getAndSet(true)) {
                event.getAsyncContext().complete();
            }
        }

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
