package io.multistatus.demo.web;

import io.multistatus.AtomicityChoice;
import io.multistatus.BatchConfig;
import io.multistatus.BatchConfigBuilder;
import io.multistatus.BatchFilter;
import io.multistatus.IdempotencyConfig;
import io.multistatus.IdempotencyFilter;
import io.multistatus.demo.store.Database;
import io.multistatus.event.BatchListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.SessionTrackingMode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Registers the shop as its {@code web.xml} would, in any container. The batch filters, one for clients of OData and
 * Microsoft Graph and one for all others, are the first filters and the only things that know of batches, but for the data
 * source of {@link Database}, which takes part in their groups. Requests with an {@code Idempotency-Key} run once, behind
 * the login.
 *
 * <p>The container adds what a {@code web.xml} can say but the Servlet API cannot: the security constraint with BASIC
 * authentication on {@link #ADMIN_PATHS} and {@link #ERROR_PAGE} as the error page for everything; and the servlet for
 * static resources.
 */
public final class ShopApp implements ServletContainerInitializer {
    /** Only for users of {@link #ADMIN_REALM} in {@link #ADMIN_ROLE}. */
    public static final String ADMIN_PATHS = "/admin/*";

    /** The realm of the users who may see {@link #ADMIN_PATHS}. */
    public static final String ADMIN_REALM = "Shop administration";

    /** The role that these users must have. */
    public static final String ADMIN_ROLE = "admin";

    /** Answers whatever ends in an error status or an exception. */
    public static final String ERROR_PAGE = "/error";

    /** Where the shop is a service to clients of OData and Microsoft Graph. */
    private static final String API = "/api";

    /** As many as the page lets one import in one batch. */
    private static final int MAX_REQUESTS = 1000;

    /** Where the class path has the static resources. */
    public static final String STATIC_RESOURCES = "webapp";

    /** The name that the servlet of the static resources must have. */
    public static final String STATIC_SERVLET = "default";

    private final Database database;
    private final Supplier<List<Delay>> delays;
    private final Duration itemTimeout;
    private final List<BatchListener> listeners;

    /**
     * The shop over a database that somebody else closes.
     *
     * @param delays asked for whenever somebody wants to know
     * @param itemTimeout how long an item of a batch may take; the batch may take twice that
     * @param listeners told of batches, besides what measures them
     */
    public ShopApp(
            Database database, Supplier<List<Delay>> delays, Duration itemTimeout, List<BatchListener> listeners) {
        this.database = database;
        this.delays = delays;
        this.itemTimeout = itemTimeout;
        this.listeners = listeners;
    }

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        ShopMetrics metrics = new ShopMetrics();
        atTheEnd(context, metrics::close);
        batches(context, "multistatus", batchConfig(metrics).build());
        // A filter of its own, since urlBase is for Graph's clients only: to them /products is what is below the root.
        // Its jobs are below its path.
        batches(
                context,
                "odata",
                batchConfig(metrics)
                        .path(API + "/batch")
                        .odataPath(API + "/$batch")
                        .urlBase(API)
                        .build());

        FilterRegistration.Dynamic tries = context.addFilter("tries", new LoginLimit());
        tries.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/login");

        FilterRegistration.Dynamic login = context.addFilter("login", new LoginFilter());
        login.setAsyncSupported(true);
        login.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/api/orders/*", "/api/me");

        // Behind the login, since an answer that is given again is given without asking the shop.
        FilterRegistration.Dynamic idempotency = context.addFilter("idempotency", new IdempotencyFilter(keys()));
        idempotency.setAsyncSupported(true);
        idempotency.addMappingForUrlPatterns(
                EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), true, API + "/*");

        FilterRegistration.Dynamic fresh = context.addFilter("fresh", new FreshFilter());
        fresh.setAsyncSupported(true);
        fresh.addMappingForServletNames(EnumSet.of(DispatcherType.REQUEST), true, STATIC_SERVLET);

        FilterRegistration.Dynamic policy = context.addFilter("policy", new PolicyFilter());
        policy.setAsyncSupported(true);
        policy.addMappingForServletNames(EnumSet.of(DispatcherType.REQUEST), true, STATIC_SERVLET);

        add(
                context,
                "products",
                new ProductsServlet(database.products(), database.reservations(), database.orders()),
                "/api/products/*");
        add(context, "carts", new CartsServlet(database.carts(), database.products()), "/api/carts/*");
        add(context, "orders", new OrdersServlet(database.orders(), database.products()), "/api/orders/*");
        add(context, "imports", new ImportsServlet(database.imports()), "/api/imports/*");
        add(context, "login", new LoginServlet(), "/login");
        add(context, "logout", new LogoutServlet(), "/logout");
        add(context, "me", new MeServlet(), "/api/me");
        add(context, "tiny", new TinyServlet(), "/api/tiny");
        add(context, "slow", new SlowServlet(), "/api/slow");
        add(context, "flaky", new FlakyServlet(), "/api/flaky");
        add(context, "boom", new BoomServlet(), "/api/boom");
        add(context, "delays", new DelaysServlet(delays), "/api/delays");
        add(context, "admin", new AdminServlet(database.reports()), ADMIN_PATHS);
        add(context, "health", new HealthServlet(database), "/health");
        add(context, "metrics", new MetricsServlet(metrics), "/metrics");
        add(context, "error", new ErrorServlet(), ERROR_PAGE);

        ScheduledExecutorService scheduler = scheduler(context);
        add(context, "report", new ReportServlet(database.reports(), scheduler), "/api/reports/daily")
                .setAsyncSupported(true);

        SessionCookieConfig cookie = context.getSessionCookieConfig();
        cookie.setHttpOnly(true);
        cookie.setAttribute("SameSite", "Lax");
        context.setSessionTrackingModes(EnumSet.of(SessionTrackingMode.COOKIE));
    }

    private static void batches(ServletContext context, String name, BatchConfig config) {
        FilterRegistration.Dynamic batch = context.addFilter(name, new BatchFilter(config));
        batch.setAsyncSupported(true);
        batch.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
    }

    /** Jobs are kept with the shop's tables if these outlive the process. */
    private BatchConfigBuilder batchConfig(ShopMetrics metrics) {
        BatchConfigBuilder config = BatchConfig.builder()
                .atomicity(AtomicityChoice.JDBC)
                .maxRequests(MAX_REQUESTS)
                .itemTimeout(itemTimeout)
                .batchTimeout(itemTimeout.multipliedBy(2))
                .listener(metrics.listener());
        listeners.forEach(config::listener);
        database.shared()
                .ifPresent(source -> config.jobs(jobs -> jobs.dataSource(source).createTable(true)));
        return config;
    }

    /** The same goes for the keys of requests and the answers to them, which are there if what was asked for is done. */
    private IdempotencyConfig keys() {
        IdempotencyConfig.Builder config = IdempotencyConfig.builder();
        database.shared()
                .ifPresent(source -> config.dataSource(source).createTable(true).transactional(true));
        return config.build();
    }

    private static ServletRegistration.Dynamic add(
            ServletContext context, String name, Servlet servlet, String... patterns) {
        ServletRegistration.Dynamic registration = context.addServlet(name, servlet);
        registration.addMapping(patterns);
        return registration;
    }

    /** One thread that ends with the app. */
    private static ScheduledExecutorService scheduler(ServletContext context) {
        ScheduledExecutorService scheduler =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "shop-scheduler"));
        atTheEnd(context, scheduler::shutdownNow);
        return scheduler;
    }

    private static void atTheEnd(ServletContext context, Runnable action) {
        context.addListener(new ServletContextListener() {
            @Override
            public void contextDestroyed(ServletContextEvent event) {
                action.run();
            }
        });
    }
}
