package io.multistatus;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.Dispatchers;
import io.multistatus.execution.BatchBudget;
import io.multistatus.execution.BatchExecutor;
import io.multistatus.execution.BufferBudget;
import io.multistatus.execution.RunLimits;
import io.multistatus.format.BatchFormat;
import io.multistatus.format.ContentType;
import io.multistatus.format.Dialect;
import io.multistatus.format.json.JsonBatchWriter;
import io.multistatus.job.FailedItems;
import io.multistatus.job.Job;
import io.multistatus.job.JobId;
import io.multistatus.job.JobProblems;
import io.multistatus.job.JobResult;
import io.multistatus.job.JobStoreException;
import io.multistatus.job.Jobs;
import io.multistatus.job.KnownJob;
import io.multistatus.job.RunningJob;
import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.HttpSyntax;
import io.multistatus.model.Problem;
import io.multistatus.model.Summary;
import io.multistatus.reference.ReferenceResolver;
import io.multistatus.wire.OuterRequest;
import io.multistatus.wire.Preferences;
import io.multistatus.wire.ProblemResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where batches become jobs, and where clients ask how these go on (RFC 7240, section 4.1). Thread-safe. */
final class JobEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobEndpoint.class);
    static final String RESPOND_ASYNC = "respond-async";
    private static final String WAIT = "wait";
    private static final String FAILED = "/failed";
    private static final String ALLOWED_METHODS = "GET, HEAD, DELETE, OPTIONS";
    private static final String ALLOWED_FOR_FAILED = "GET, HEAD, OPTIONS";
    /** How often it is looked at whether the client of a result takes anything. */
    private static final Duration WATCH_PERIOD = Duration.ofSeconds(1);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final BatchConfig config;
    /** Of the paths of jobs. */
    private final String prefix;

    private final List<BatchFormat> formats;
    private final OriginPolicy origins;
    private final BatchExecutor executor;
    private final BufferBudget budget;
    private final Jobs jobs;
    private final JobProgress progress;
    private final Dispatchers dispatchers;

    JobEndpoint(
            BatchConfig config,
            List<BatchFormat> formats,
            OriginPolicy origins,
            Jobs jobs,
            Dispatchers dispatchers,
            BatchExecutor executor,
            BufferBudget budget) {
        this.config = config;
        this.prefix = config.path() + "/jobs/";
        this.origins = origins;
        this.formats = formats;
        this.jobs = jobs;
        this.dispatchers = dispatchers;
        this.executor = executor;
        this.budget = budget;
        this.progress = new JobProgress(jobs, executor);
    }

    /** Whether a batch is to run as a job, and can. */
    boolean takes(PostedBatch posted) {
        return posted.preferences().get(RESPOND_ASYNC).isPresent() && isPossible(posted.dispatcher());
    }

    /** Whether batches that a dispatcher serves can run as jobs. */
    boolean isPossible(Dispatcher dispatcher) {
        return config.jobs().enabled() && dispatcher.capabilities().concurrent();
    }

    /** Whether a path within the context is that of a job, or could be. */
    boolean isJob(String path) {
        return config.jobs().enabled() && path.startsWith(prefix);
    }

    /**
     * Takes a batch as a job.
     *
     * @return what answers the request
     * @throws BatchException 503 if there is no room for it now; then it has not been taken
     */
    JobWait post(HttpServletRequest request, HttpServletResponse response, PostedBatch posted, BatchTasks tasks)
            throws BatchException {
        RunLimits limits = new RunLimits(
                config.itemTimeout(),
                config.jobs().timeout(),
                "jobTimeout",
                config.maxConcurrency(),
                config.maxResponseBytes(),
                // The other half is for the answers of those that are at work.
                config.maxEnvelopeBytes() / 2,
                config.jobs().retryPolicy());
        BatchTasks.Prepared prepared = tasks.prepare(posted, limits, true);
        List<String> applied = new ArrayList<>(prepared.applied());
        applied.add(RESPOND_ASYNC);
        Optional<Duration> wait = posted.preferences()
                .get(WAIT)
                .filter(seconds -> SECONDS.matcher(seconds).matches())
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
        wait.ifPresent(time -> applied.add(WAIT + "=" + time.toSeconds()));
        Job job = new Job(
                JobId.random(),
                JobOwner.of(request),
                posted.dialect(),
                posted.format().mediaType(),
                posted.batch());
        RunningJob running = jobs.submit(job, prepared.task());
        response.setHeader("Preference-Applied", String.join(", ", applied));
        if (prepared.atomicityWaived()) {
            response.setHeader("Batch-Atomicity", "none");
        }
        // Now: Jetty before 12 does not tell the context path of a request that has left it.
        String location = request.getContextPath() + prefix + job.id().text();
        return new JobWait(executor, this, running, location, wait.orElse(Duration.ZERO));
    }

    /** The job is not over: its client is told where to ask. */
    void accepted(RunningJob job, String location, HttpServletResponse response) throws IOException {
        response.setHeader("Location", location);
        JobStatusDocument.writeAccepted(job.status(), response);
    }

    /** The job was over before its client had to be told where to ask: it gets the result, and nobody asks again. */
    void doneInTime(RunningJob job, String location, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            KnownJob known = jobs.find(job.id())
                    .orElseThrow(() -> new JobStoreException("the store has forgotten a job that was just over"));
            writeResult(known, request, response);
        } catch (JobStoreException e) {
            LOG.warn("The result of job {} is not to be had now; its client is told where to ask", job.id(), e);
            accepted(job, location, response);
            return;
        } catch (BatchException e) {
            LOG.debug("The result of job {} is not to be had now; its client is told where to ask", job.id(), e);
            accepted(job, location, response);
            return;
        }
        try {
            jobs.delete(job.id());
        } catch (JobStoreException e) {
            LOG.debug("Job {} is forgotten when it expires", job.id(), e);
        }
    }

    /** Serves a path for which {@link #isJob} holds. */
    void serve(String path, HttpServletRequest request, HttpServletResponse response)
            throws BatchException, IOException {
        String rest = path.substring(prefix.length());
        boolean failed = rest.endsWith(FAILED);
        String id = failed ? rest.substring(0, rest.length() - FAILED.length()) : rest;
        try {
            KnownJob job =
                    JobId.parse(id).isEmpty() ? null : jobs.find(new JobId(id)).orElse(null);
            if (job == null || !JobOwner.matches(job.owner(), request)) {
                // The same for both, so that nobody learns of jobs of others.
                throw new BatchException(Problem.of(404, "no-such-job", "There is no such job")
                        .detail("There is no job " + Problem.quote(id) + " of yours; it may have expired"));
            }
            String method = request.getMethod();
            if (method.equals("GET") || method.equals("HEAD")) {
                get(job, failed, request, response);
            } else if (method.equals("DELETE") && !failed) {
                origins.check(OuterRequest.of(request, headers(request, "Origin", "Sec-Fetch-Site"), Optional.empty()));
                delete(job, response);
            } else {
                methodNotAllowed(failed ? ALLOWED_FOR_FAILED : ALLOWED_METHODS, request, response);
            }
        } catch (JobStoreException e) {
            LOG.warn("The store of jobs cannot be asked", e);
            throw JobProblems.storeUnavailable();
        }
    }

    private static void methodNotAllowed(String allowed, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("Allow", allowed);
        ProblemResponse.write(
                Problem.of(405, "method-not-allowed", "Only jobs are served here")
                        .detail("The method " + request.getMethod() + " is none of " + allowed),
                response);
    }

    private void get(KnownJob job, boolean failed, HttpServletRequest request, HttpServletResponse response)
            throws BatchException, JobStoreException, IOException {
        if (failed) {
            if (job.status().state().isOver()) {
                writeFailed(job, request, response);
            } else {
                JobStatusDocument.write(job.status(), response);
            }
        } else if (request.getMethod().equals("GET")
                && accepts(request, type -> type.essence().equals(JobProgress.MEDIA_TYPE))) {
            progress.stream(job, request, response);
        } else if (!job.status().state().isOver()
                || accepts(request, type -> type.parameter("view").equals(Optional.of("status")))) {
            JobStatusDocument.write(job.status(), response);
        } else {
            writeResult(job, request, response);
        }
    }

    private static boolean accepts(HttpServletRequest request, Predicate<ContentType> wanted) {
        return Collections.list(request.getHeaders("Accept")).stream()
                .flatMap(value -> HttpSyntax.split(value, ',').stream())
                .anyMatch(range -> ContentType.parse(range).filter(wanted).isPresent());
    }

    private void delete(KnownJob job, HttpServletResponse response) throws JobStoreException, IOException {
        if (job.status().state().isOver()) {
            jobs.delete(job.status().id());
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else {
            jobs.cancel(job.status().id());
            JobStatusDocument.write(
                    jobs.find(job.status().id()).map(KnownJob::status).orElse(job.status()), response);
        }
    }

    private void writeFailed(KnownJob job, HttpServletRequest request, HttpServletResponse response)
            throws JobStoreException, BatchException, IOException {
        try (BatchBudget held = new BatchBudget(budget, Long.MAX_VALUE)) {
            JobResult result = result(job, held);
            BatchFormat format = format(job);
            ReferenceResolver references = new ReferenceResolver(
                    result.batch(),
                    format.hasDependencies(),
                    request.getScheme(),
                    BatchTasks.originOfReferences(config, OuterRequest.of(request, Headers.empty(), Optional.empty())),
                    config.maxBatchBytes());
            ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
            JsonBatchWriter writer = new JsonBatchWriter(body);
            writer.begin();
            for (FailedItems.FailedItem item : FailedItems.of(result, references, format.hasDependencies())) {
                writer.item(item.request(), item.lastStatus());
            }
            writer.end();
            response.setContentType("application/json");
            response.setContentLength(body.size());
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Content-Type-Options", "nosniff");
            body.writeTo(response.getOutputStream());
        }
    }

    private JobResult result(KnownJob job, BatchBudget held) throws JobStoreException, BatchException {
        JobResult result = jobs.result(job)
                .orElseThrow(() -> new BatchException(
                        Problem.of(404, "no-such-job", "There is no such job").detail("The job has just expired")));
        if (!held.tryReserveRequest(result.bytes())) {
            throw new BatchException(Problem.of(503, "overloaded", "Too much at once")
                    .detail("There is no room for the " + result.bytes()
                            + " bytes of the result now (maxBufferedBytes)")
                    .limitedBy("maxBufferedBytes"));
        }
        return result;
    }

    private BatchFormat format(KnownJob job) {
        return formats.stream()
                .filter(format -> format.mediaType().equals(job.mediaType()))
                .findFirst()
                .orElse(formats.get(0));
    }

    private void writeResult(KnownJob job, HttpServletRequest request, HttpServletResponse response)
            throws JobStoreException, BatchException, IOException {
        BatchBudget held = new BatchBudget(budget, Long.MAX_VALUE);
        boolean leftToOthers = false;
        try {
            JobResult result = result(job, held);
            Headers headers = headers(request, "Accept", "Prefer", "User-Agent", "Via");
            Preferences preferences = Preferences.parse(headers.all("Prefer"));
            EnvelopeStatus statuses = new EnvelopeStatus(config, job.dialect());
            int status = statuses.of(request, headers, preferences);
            if (statuses.isApplied(preferences)) {
                // Beside those that are answered already, if this is the answer to the batch itself.
                response.addHeader("Preference-Applied", EnvelopeStatus.PREFERENCE + "=" + EnvelopeStatus.FALLBACK);
            }
            EnvelopeHead head = new EnvelopeHead(
                    status, job.dialect() == Dialect.NATIVE, List.of(), false, EnvelopeHead.NO_ROOM_FOR_COOKIES);
            Envelope envelope = new Envelope(
                    result.batch(),
                    result.responses(),
                    Summary.of(result.batch(), result.responses()),
                    BatchFormats.answering(headers, format(job), job.dialect(), status)
                            .writer(),
                    head);
            if (job.dialect() == Dialect.ODATA) {
                response.setHeader("AsyncResult", Integer.toString(status));
            }
            EnvelopeDelivery delivery =
                    new EnvelopeDelivery(request, response, executor.forDeliveries(), disconnect(request, response));
            Future<?> watch = executor.every(WATCH_PERIOD, delivery::tick);
            if (request.isAsyncSupported() && !request.isAsyncStarted()) {
                AsyncContext async = request.startAsync();
                async.setTimeout(0);
                leftToOthers = true;
                delivery.writeAsync(() -> envelope, async, () -> {
                    watch.cancel(false);
                    held.close();
                });
            } else {
                try {
                    delivery.write(() -> envelope);
                } finally {
                    watch.cancel(false);
                }
            }
        } finally {
            if (!leftToOthers) {
                held.close();
            }
        }
    }

    /** Ends the connection of a request by force, where it is known how. */
    private Runnable disconnect(HttpServletRequest request, HttpServletResponse response) {
        try {
            Dispatcher dispatcher = dispatchers.open(request, response, executor.forContainers());
            return dispatcher::disconnect;
        } catch (BatchException e) {
            LOG.debug("Nobody knows how to end the connection of a client that takes nothing", e);
            return () -> {};
        }
    }

    private static Headers headers(HttpServletRequest request, String... names) {
        Headers.Builder headers = Headers.builder();
        for (String name : names) {
            Collections.list(request.getHeaders(name)).forEach(value -> headers.add(name, value));
        }
        return headers.build();
    }

    /** Ends jobs and those who are told of them. */
    @Override
    public void close() {
        jobs.close();
        progress.close();
    }
}
