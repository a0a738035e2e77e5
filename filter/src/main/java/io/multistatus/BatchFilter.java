package io.multistatus;

import io.multistatus.dispatch.Dispatcher;
import io.multistatus.dispatch.Dispatchers;
import io.multistatus.event.BatchListener;
import io.multistatus.event.Caller;
import io.multistatus.event.FilterState;
import io.multistatus.event.Listeners;
import io.multistatus.event.LoggingListener;
import io.multistatus.event.RefusedBatchEvent;
import io.multistatus.execution.BatchBudget;
import io.multistatus.execution.BatchExecutor;
import io.multistatus.execution.BufferBudget;
import io.multistatus.execution.CurrentItem;
import io.multistatus.format.BatchFormat;
import io.multistatus.format.Dialect;
import io.multistatus.job.JobStore;
import io.multistatus.job.Jobs;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import io.multistatus.wire.OuterRequest;
import io.multistatus.wire.Preferences;
import io.multistatus.wire.ProblemResponse;
import io.multistatus.wire.TargetRules;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.security.Principal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a servlet app a batch endpoint: one request carries many subrequests, each of which goes through the app's whole
 * pipeline as if it had come over the wire, and one multi-status answer carries their answers.
 *
 * <p>Map it to {@code /*} (it leaves everything but its own paths alone) for {@code REQUEST}, with async supported, ahead
 * of the app's other filters. Thread-safe.
 */
public final class BatchFilter implements Filter {
    /**
     * The name of a context attribute, or of a context parameter with the value {@code true}, by which an app says that it
     * has registered a batch filter of its own, or wants none: if it is there when filters are initialised, the filter that the jar's web fragment declares, named
     * {@code multistatus}, passes everything on.
     */
    public static final String SUPERSEDED = "io.multistatus.superseded";

    private static final String FRAGMENT_FILTER = "multistatus";
    private static final Logger LOG = LoggerFactory.getLogger(BatchFilter.class);
    private static final String ALLOWED_METHODS = "GET, HEAD, POST, OPTIONS";

    private final @Nullable BatchConfig given;
    private volatile @Nullable Endpoint endpoint;

    /** A filter that is configured by its init-params, which have the names of {@link BatchConfig}'s settings. */
    public BatchFilter() {
        this.given = null;
    }

    /** A filter that is configured by {@code config}; init-params are not looked at. */
    public BatchFilter(BatchConfig config) {
        this.given = config;
    }

    /**
     * Reads the configuration and gets ready to run batches.
     *
     * @throws ServletException if an init-param is unknown or has an impossible value; the message names it
     */
    @Override
    public void init(FilterConfig filterConfig) throws ServletException {
        if (given == null && isSuperseded(filterConfig)) {
            List<String> lost = Collections.list(filterConfig.getInitParameterNames());
            if (!lost.isEmpty()) {
                throw new ServletException("The init-params " + lost + " of the filter '" + FRAGMENT_FILTER
                        + "' would have no effect: the app has a batch filter of its own, or wants none (" + SUPERSEDED
                        + "). In a Spring Boot app they are properties: multistatus." + lost.get(0));
            }
            LOG.debug("The app has its own batch filter, or wants none: that of the web fragment does nothing");
            return;
        }
        try {
            BatchConfig config = given == null ? BatchConfig.fromInitParams(filterConfig) : given;
            endpoint = new Endpoint(config, new Transactions(config, filterConfig.getServletContext()));
        } catch (InvalidConfigException e) {
            throw new ServletException(e.getMessage(), e);
        } catch (SQLException e) {
            throw new ServletException("The tables of jobs cannot be made (createJobTable): " + e.getMessage(), e);
        }
    }

    private static boolean isSuperseded(FilterConfig filterConfig) {
        return FRAGMENT_FILTER.equals(filterConfig.getFilterName())
                && (filterConfig.getServletContext().getAttribute(SUPERSEDED) != null
                        || "true".equals(filterConfig.getServletContext().getInitParameter(SUPERSEDED)));
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Endpoint ready = endpoint;
        if (ready != null
                && request instanceof HttpServletRequest httpRequest
                && response instanceof HttpServletResponse httpResponse) {
            Optional<String> path = ready.ownPath(httpRequest);
            if (path.isPresent()) {
                ready.serve(path.get(), httpRequest, httpResponse);
                return;
            }
        }
        if (ready == null) {
            chain.doFilter(request, response);
        } else {
            ready.passOn(request, response, chain);
        }
    }

    /** Answers the batches that are still open with what they have, and lets go of all threads. */
    @Override
    public void destroy() {
        Endpoint ready = endpoint;
        endpoint = null;
        if (ready != null) {
            ready.close();
        }
    }

    /** The filter once it is configured. */
    private static final class Endpoint {
        private final BatchConfig config;
        private final List<BatchFormat> formats = BatchFormats.all();
        private final Dispatchers dispatchers;
        private final OriginPolicy origins;
        private final BatchListener listener;
        private final BufferBudget budget;
        private final BatchExecutor executor;
        private final BatchTasks tasks;
        private final JobEndpoint jobs;
        private final BrowserModule module;
        private final EndpointDescription description;
        private final AsyncItems asyncItems = new AsyncItems();
        private final FilterState state;

        Endpoint(BatchConfig config, Transactions transactions) throws SQLException {
            this.config = config;
            this.dispatchers = DispatcherChoices.of(config);
            this.origins = new OriginPolicy(config.allowedOrigins());
            this.module = config.module() ? BrowserModule.packaged() : BrowserModule.none();
            this.budget = new BufferBudget(config.maxBufferedBytes());
            // First what may fail: nobody would stop the executor's clock then.
            JobConfig settings = config.jobs();
            JobStore store = settings.newStore();
            this.executor = new BatchExecutor(
                    config.threads(),
                    config.virtualThreads(),
                    Thread.currentThread().getContextClassLoader());
            this.listener = new Listeners(listeners(config));
            this.tasks = new BatchTasks(config, transactions, listener);
            Jobs known = new Jobs(store, settings.settings(), executor);
            this.jobs = new JobEndpoint(config, formats, origins, known, dispatchers, executor, budget);
            this.description = new EndpointDescription(config, formats, transactions, jobs);
            this.state = new LiveState(config, executor, budget, known);
            listener.filterStarted(state);
        }

        private static List<BatchListener> listeners(BatchConfig config) {
            List<BatchListener> listeners = new ArrayList<>();
            AutomaticTracing.listener(config.tracing(), config.listeners()).ifPresent(listeners::add);
            listeners.addAll(config.listeners());
            listeners.add(new LoggingListener());
            return listeners;
        }

        void close() {
            jobs.close();
            executor.close();
            listener.filterStopped(state);
        }

        /** To the app: a request that is none of the endpoint's, an item maybe. */
        void passOn(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            CurrentItem item = asyncItems.enter(request);
            try {
                chain.doFilter(request, response);
                if (request.isAsyncStarted()) {
                    BatchExecutor.handlerWentAsync();
                    asyncItems.left(request);
                }
            } finally {
                if (item != null) {
                    item.close();
                }
            }
        }

        /**
         * Goes by the path as the container maps it, decoded and without parameters: what the container's constraints on
         * the endpoint's path protect is just what is served here, however it is spelled.
         */
        Optional<String> ownPath(HttpServletRequest request) {
            if (request.getDispatcherType() != DispatcherType.REQUEST) {
                return Optional.empty();
            }
            try {
                String path = request.getServletPath();
                String rest = request.getPathInfo();
                String whole = rest == null ? path : path + rest;
                return Optional.of(whole).filter(each -> isOwn(request.getMethod(), each));
            } catch (IllegalArgumentException e) {
                // Jetty does not tell the path where the URI has more than one meaning: not our path, and the app may
                // not ask.
                LOG.trace("A path that the container does not tell", e);
                return Optional.empty();
            }
        }

        private boolean isOwn(String method, String path) {
            if (dialectAt(path).isPresent() || jobs.isJob(path)) {
                return !method.equals("OPTIONS");
            }
            return module.answers(method, path);
        }

        private Optional<Dialect> dialectAt(String path) {
            if (config.path().equals(path)) {
                return Optional.of(Dialect.NATIVE);
            }
            return config.odataPath().filter(path::equals).map(odata -> Dialect.ODATA);
        }

        void serve(String path, HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            Optional<Dialect> dialect = dialectAt(path);
            if (dialect.isPresent()) {
                serve(dialect.get(), request, response);
            } else if (jobs.isJob(path)) {
                serveJob(path, request, response);
            } else {
                module.serve(path, request, response);
            }
        }

        private void serveJob(String path, HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            try {
                jobs.serve(path, request, response);
            } catch (BatchException e) {
                ProblemResponse.write(e.problem(), response);
            }
        }

        private void serve(Dialect dialect, HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            switch (request.getMethod()) {
                case "POST" -> serveBatch(dialect, request, response);
                case "GET", "HEAD" -> describe(dialect, request, response);
                default -> {
                    response.setHeader("Allow", ALLOWED_METHODS);
                    ProblemResponse.write(
                            Problem.of(405, "method-not-allowed", "Only batches are served here")
                                    .detail("The method " + request.getMethod() + " is none of " + ALLOWED_METHODS),
                            response);
                }
            }
        }

        /** Where no batch can run, there is nothing to describe. */
        private void describe(Dialect dialect, HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            try {
                Dispatcher dispatcher = dispatchers.open(request, response, executor.forContainers());
                description.write(dialect, dispatcher, request, response);
            } catch (BatchException e) {
                ProblemResponse.write(e.problem(), response);
            }
        }

        /** The story of a batch. */
        private void serveBatch(Dialect dialect, HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            BatchBudget batchBudget = new BatchBudget(budget, config.maxEnvelopeBytes());
            Run run;
            try {
                Dispatcher dispatcher = dispatchers.open(request, response, executor.forContainers());
                if (dispatcher.isNested() || dispatcher.outerHeaders().contains(Dispatchers.LOOPBACK_MARK)) {
                    throw new BatchException(TargetRules.nestedBatch());
                }
                OuterRequest outer = OuterRequest.of(request, dispatcher.outerHeaders(), dispatcher.authority());
                origins.check(outer);
                checkLoad();
                Caller caller = caller(request);
                BatchFormat format = BatchFormats.forRequest(request, formats);
                LimitedInputStream body = body(request, batchBudget);
                Batch batch = BatchKeys.applied(read(dialect, request, format, body, batchBudget), outer.headers());
                PostedBatch posted = new PostedBatch(
                        dialect,
                        format,
                        batch,
                        body.count(),
                        caller,
                        outer,
                        Preferences.parse(outer.headers().all("Prefer")),
                        dispatcher,
                        batchBudget);
                if (jobs.takes(posted)) {
                    JobWait job = jobs.post(request, response, posted, tasks);
                    run = () -> job.answer(request, response);
                } else {
                    BatchServing serving = new BatchServing(config, executor, listener, request, response, posted);
                    serving.begin(tasks);
                    run = serving::run;
                }
            } catch (BatchException e) {
                batchBudget.close();
                LOG.debug("A batch was refused", e);
                Caller caller = callerOfRefused(request, e.problem());
                listener.batchRefused(new RefusedBatchEvent(request.getRequestURI(), caller, e.problem()));
                ProblemResponse.write(e.problem(), response);
                return;
            } catch (IOException | RuntimeException | Error e) {
                // Errors too: what is not given back now is lost to all batches to come.
                batchBudget.close();
                throw e;
            }
            run.run();
        }

        /** What is left to do for the thread that has read a batch. */
        private interface Run {
            void run() throws IOException, ServletException;
        }

        private void checkLoad() throws BatchException {
            if (executor.stuckThreads() >= config.maxAbandoned()) {
                throw new BatchException(Problem.of(503, "overloaded", "Too many batches at once")
                        .detail(executor.stuckThreads()
                                + " items have timed out while their handlers go on running (maxAbandoned)")
                        .limitedBy("maxAbandoned"));
            }
        }

        private LimitedInputStream body(HttpServletRequest request, BatchBudget batchBudget)
                throws BatchException, IOException {
            if (request.getContentLengthLong() > config.maxBatchBytes()) {
                throw new BatchException(LimitedInputStream.tooLong(config.maxBatchBytes()));
            }
            return new LimitedInputStream(request.getInputStream(), config.maxBatchBytes(), batchBudget);
        }

        private Batch read(
                Dialect dialect,
                HttpServletRequest request,
                BatchFormat format,
                InputStream body,
                BatchBudget batchBudget)
                throws BatchException, IOException {
            try (body) {
                BatchBuilder batch = new BatchBuilder(config.maxRequests(), batchBudget::tryReserveRequest);
                return format.read(dialect, request.getContentType(), body, batch);
            }
        }

        /** Whose it is may cost a look into a directory: not while there is too much to do already. */
        private static Caller callerOfRefused(HttpServletRequest request, Problem problem) {
            return problem.name().equals("overloaded") ? new Caller(request.getRemoteAddr(), null) : caller(request);
        }

        private static Caller caller(HttpServletRequest request) {
            Principal user = request.getUserPrincipal();
            return new Caller(request.getRemoteAddr(), user == null ? null : user.getName());
        }
    }
}
