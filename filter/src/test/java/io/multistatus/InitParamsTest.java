package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multistatus.event.BatchListener;
import io.multistatus.execution.ExecutionMode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitParamsTest {
    private static final Machine MACHINE = new Machine(4L << 30, 2, 21);

    @Test
    void withoutInitParamsTheDefaultsHold() {
        BatchConfig config = BatchConfig.fromInitParams(new StubFilterConfig(Map.of()));
        assertThat(config).usingRecursiveComparison().isEqualTo(BatchConfig.defaults());
    }

    @Test
    void everyKeyIsRead() {
        BatchConfig config = read(Map.ofEntries(
                Map.entry("path", " /$batch\n"),
                Map.entry("odataPath", "/odata/$batch"),
                Map.entry("odataStatus", "207"),
                Map.entry("module", "false"),
                Map.entry("urlBase", "/shop"),
                Map.entry("multiStatus", "never"),
                Map.entry("status200UserAgents", "Old, Client"),
                Map.entry("deniedHeaders", "X-A, X-B-*"),
                Map.entry("allowedHeaders", "Cookie"),
                Map.entry("allowedOrigins", "https://a.example\n https://b.example:443"),
                Map.entry("execution", "parallel"),
                Map.entry("maxRequests", "7"),
                Map.entry("maxBatchBytes", "1MiB"),
                Map.entry("maxResponseBytes", "2MiB"),
                Map.entry("maxEnvelopeBytes", "3MiB"),
                Map.entry("maxBufferedBytes", "4MiB"),
                Map.entry("itemTimeout", "500ms"),
                Map.entry("batchTimeout", "PT2S"),
                Map.entry("maxConcurrency", "3"),
                Map.entry("maxDepth", "none"),
                Map.entry("allow", "/api/* *.json"),
                Map.entry("deny", "/api/admin/*"),
                Map.entry("dispatcher", "Loopback"),
                Map.entry("loopbackUrl", "http://127.0.0.1:8080"),
                Map.entry("threads", "5"),
                Map.entry("virtualThreads", "false"),
                Map.entry("maxAbandoned", "9"),
                Map.entry("listeners", Listener.class.getName())));
        assertThat(config.path()).isEqualTo("/$batch");
        assertThat(config.odataPath()).contains("/odata/$batch");
        assertThat(config.odataStatus()).isEqualTo(207);
        assertThat(config.module()).isFalse();
        assertThat(config.urlBase()).contains("/shop");
        assertThat(config.multiStatus()).isEqualTo(MultiStatus.NEVER);
        assertThat(config.status200UserAgents()).get().hasToString("Old, Client");
        assertThat(config.deniedHeaders().matches("x-b-c")).isTrue();
        assertThat(config.allowedHeaders().matches("cookie")).isTrue();
        assertThat(config.allowedOrigins()).containsExactly("https://a.example", "https://b.example");
        assertThat(config.execution()).isEqualTo(ExecutionMode.PARALLEL);
        assertThat(config.maxRequests()).isEqualTo(7);
        assertThat(config.maxBatchBytes()).isEqualTo(1 << 20);
        assertThat(config.maxResponseBytes()).isEqualTo(2 << 20);
        assertThat(config.maxEnvelopeBytes()).isEqualTo(3 << 20);
        assertThat(config.maxBufferedBytes()).isEqualTo(4 << 20);
        assertThat(config.itemTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.batchTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.maxConcurrency()).isEqualTo(3);
        assertThat(config.maxDepth()).isEqualTo("none");
        assertThat(config.allow().matches("/api/x")).isTrue();
        assertThat(config.allow().matches("/other")).isFalse();
        assertThat(config.deny().matches("/api/admin/x")).isTrue();
        assertThat(config.dispatcher()).isEqualTo(DispatcherChoice.LOOPBACK);
        assertThat(config.loopbackUrl()).contains(URI.create("http://127.0.0.1:8080"));
        assertThat(config.threads()).isEqualTo(5);
        assertThat(config.virtualThreads()).isFalse();
        assertThat(config.maxAbandoned()).isEqualTo(9);
        assertThat(config.listeners()).singleElement().isInstanceOf(Listener.class);
    }

    @Test
    void everyKeyOfJobsIsRead() {
        JobConfig jobs = read(Map.ofEntries(
                        Map.entry("jobs", "false"),
                        Map.entry("jobTimeout", "2h"),
                        Map.entry("jobTtl", "3h"),
                        Map.entry("jobRetries", "4"),
                        Map.entry("maxRunningJobs", "5"),
                        Map.entry("maxQueuedJobs", "6"),
                        Map.entry("maxJobs", "7"),
                        Map.entry("maxJobBytes", "8192"),
                        Map.entry("jobGrace", "9s"),
                        Map.entry("jobTable", "app.job"),
                        Map.entry("createJobTable", "true"),
                        Map.entry("jobLease", "11s")))
                .jobs();
        assertThat(jobs.enabled()).isFalse();
        assertThat(jobs.timeout()).isEqualTo(Duration.ofHours(2));
        assertThat(jobs.ttl()).isEqualTo(Duration.ofHours(3));
        assertThat(jobs.retries()).isEqualTo(4);
        assertThat(jobs.maxRunning()).isEqualTo(5);
        assertThat(jobs.maxQueued()).isEqualTo(6);
        assertThat(jobs.maxJobs()).isEqualTo(7);
        assertThat(jobs.maxBytes()).isEqualTo(8192);
        assertThat(jobs.grace()).isEqualTo(Duration.ofSeconds(9));
        assertThat(jobs.table()).isEqualTo("app.job");
        assertThat(jobs.createTable()).isTrue();
        assertThat(jobs.lease()).isEqualTo(Duration.ofSeconds(11));
    }

    /** It cannot stand beside {@code loopbackUrl}. */
    @Test
    void thePathsThatForwardMayGoToAreRead() {
        BatchConfig config = read(Map.of("dispatcher", "forward", "forwardAllow", "/api/*, *.json"));
        assertThat(config.dispatcher()).isEqualTo(DispatcherChoice.FORWARD);
        assertThat(config.forwardAllow().matches("/api/x")).isTrue();
        assertThat(config.forwardAllow().matches("/other")).isFalse();
    }

    @Test
    void everyKeyIsAnAccessorAndABuilderMethodOfTheSameName() {
        // Those of jobs have a builder of their own.
        List<String> names = BatchInitParams.names().stream()
                .filter(name -> !name.matches("jobs|.*Jobs?([A-Z].*)?|job[A-Z].*"))
                .toList();
        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(BatchConfig.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .map(Method::getName)
                        // An object that only code can give.
                        .filter(name -> !name.equals("transaction") && !name.equals("jobs"))
                        .toList());
        List<String> setters = Arrays.stream(BatchConfigBuilder.class.getDeclaredMethods())
                .map(Method::getName)
                .toList();
        assertThat(setters).contains("listener");
        assertThat(names).filteredOn(key -> !key.equals("listeners")).allMatch(setters::contains);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '"', textBlock = """
            path               ! batch            ! a path is allowed
            odataPath          ! /batch           ! that is the path of the endpoint itself
            odataPath          ! /x/              ! a path is allowed
            odataStatus        ! 201              ! 200 or 207 is allowed
            odataStatus        ! OK               ! a whole number is allowed
            urlBase            ! ""               ! a path is allowed
            module             ! no               ! true or false is allowed
            multiStatus        ! 207              ! allowed is one of auto, always, never
            status200UserAgents! [                ! a regular expression is allowed
            deniedHeaders      ! X:Y              ! 'X:Y' is no header name
            allowedHeaders     ! Host             ! this would allow Host
            allowedOrigins     ! *                ! '*' is not allowed
            execution          ! fast             ! allowed is one of ordered, parallel, sequential
            maxRequests        ! many             ! a whole number is allowed
            maxRequests        ! 0                ! a number from 1 to 1000000 is allowed
            maxBatchBytes      ! 10MB             ! the unit 'MB' is unknown or ambiguous
            maxResponseBytes   ! lots             ! a size is allowed
            maxEnvelopeBytes   ! 9999999999GiB    ! that is more than
            maxBufferedBytes   ! 0                ! at least 1 byte is needed
            itemTimeout        ! 30               ! a time with its unit is allowed
            batchTimeout       ! PT               ! a time with its unit is allowed
            maxConcurrency     ! 1.5              ! a whole number
            maxDepth           ! 3                ! only 'none' is allowed
            allow              ! ""               ! an empty list would refuse every item
            deny               ! admin            ! 'admin' is no path pattern
            dispatcher         ! tomcat           ! allowed is one of auto, loopback, forward
            dispatcher         ! forward          ! only allowed with forwardAllow
            loopbackUrl        ! http://localhost ! only allowed with dispatcher=loopback
            forwardAllow       ! /api/*           ! only allowed with dispatcher=forward
            threads            ! -1               ! a number from 1 to 10000 is allowed
            virtualThreads     ! yes              ! true or false is allowed
            maxAbandoned       ! ""               ! a whole number
            jobs               ! some             ! true or false is allowed
            jobTimeout         ! PT0S             ! a time from 1 millisecond to 365 days is allowed
            jobTtl             ! 366d             ! a time with its unit is allowed
            jobRetries         ! 101              ! a number from 0 to 100 is allowed
            maxRunningJobs     ! 0                ! a number from 1 to 10000 is allowed
            maxQueuedJobs      ! 0                ! a number from 1 to 1000000 is allowed
            maxJobs            ! 0                ! a number from 1 to 1000000 is allowed
            maxJobBytes        ! 0                ! at least 1 byte is needed
            jobGrace           ! PT0S             ! a time from 1 millisecond to 365 days is allowed
            jobDataSource      ! jdbc/nowhere     ! the name in JNDI of a javax.sql.DataSource is allowed
            jobTable           ! a b              ! a name of letters, digits and underscores is allowed
            createJobTable     ! perhaps          ! true or false is allowed
            jobLease           ! PT0.001S         ! a time from 100 milliseconds to 365 days is allowed
            listeners          ! no.such.Listener ! there is no class 'no.such.Listener'
            """)
    void anImpossibleValueIsRefusedWithItsKeyAndWhatIsAllowed(String key, String value, String allowed) {
        String problem = onlyProblem(Map.of(key, value));
        assertThat(problem).startsWith(key + " is '").contains(value).contains("': " + allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deniedHeaders", "allowedHeaders", "allowedOrigins", "deny", "forwardAllow", "listeners"})
    void aBlankListIsAnEmptyOne(String key) {
        assertThat(read(Map.of(key, " \n")))
                .usingRecursiveComparison()
                .isEqualTo(new BatchConfigBuilder(MACHINE).build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:8080",
                "ftp://localhost",
                "http://",
                "http://user@localhost",
                "http://localhost/app",
                "http://localhost?x",
                "http://localhost:0",
                "https://localhost:65536",
                "http://a b"
            })
    void aLoopbackUrlThatIsMoreOrLessThanASchemeWithAHostIsRefused(String url) {
        assertThat(onlyProblem(Map.of("dispatcher", "loopback", "loopbackUrl", url)))
                .startsWith("loopbackUrl is '" + url + "': ");
    }

    @Test
    void aPathPatternThatForwardCannotMatchIsRefused() {
        assertThat(onlyProblem(Map.of("dispatcher", "forward", "forwardAllow", "api/*")))
                .startsWith("forwardAllow is '[api/*]': 'api/*' is no path pattern");
    }

    @ParameterizedTest
    @CsvSource({
        "maxRequest, maxRequests",
        "maxrequests, maxRequests",
        "max-requests, maxRequests",
        "Path, path",
        "allowOrigins, allowedOrigins",
        "listener, listeners"
    })
    void anUnknownKeyIsRefusedWithTheNearestKnownOne(String unknown, String known) {
        assertThat(onlyProblem(Map.of(unknown, "1")))
                .isEqualTo(unknown + " is no configuration key; did you mean " + known + "?");
    }

    @Test
    void anUnknownKeyLikeNoOtherIsRefusedWithAllThereAre() {
        assertThat(onlyProblem(Map.of("colourOfTheSky", "blue")))
                .startsWith("colourOfTheSky is no configuration key; there are path, odataPath, ")
                .endsWith(", listeners");
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        assertThat(problems(Map.of("maxRequest", "5", "maxRequests", "five", "maxConcurrency", "0", "path", "/ok")))
                .containsExactlyInAnyOrder(
                        "maxRequest is no configuration key; did you mean maxRequests?",
                        "maxRequests is 'five': a whole number is allowed",
                        "maxConcurrency is '0': a number from 1 to 10000 is allowed");
    }

    @Test
    void listenersComeFromTheContextClassLoader() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ClassLoader webApp = new WebAppClassLoader(before);
        thread.setContextClassLoader(webApp);
        try {
            assertThat(read(Map.of("listeners", Listener.class.getName())).listeners())
                    .singleElement()
                    .satisfies(listener ->
                            assertThat(listener.getClass().getClassLoader()).isSameAs(webApp));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void aClassThatCannotBeAListenerIsRefusedWithTheReason() {
        assertThat(listenerProblem("java.lang.String"))
                .endsWith("'java.lang.String' does not implement io.multistatus.event.BatchListener");
        assertThat(listenerProblem(Hidden.class.getName()))
                .endsWith("must be a public class, not abstract, with a public constructor without parameters");
        assertThat(listenerProblem(BatchListener.class.getName()))
                .endsWith("must be a public class, not abstract, with a public constructor without parameters");
        assertThat(listenerProblem(Failing.class.getName()))
                .endsWith("' threw java.lang.IllegalStateException: no licence");
        assertThat(listenerProblem(Unloadable.class.getName())).contains("' cannot be loaded: ");
    }

    private static String listenerProblem(String name) {
        return onlyProblem(Map.of("listeners", Listener.class.getName() + ", " + name));
    }

    private static BatchConfig read(Map<String, String> params) {
        return BatchInitParams.read(new StubFilterConfig(params), new BatchConfigBuilder(MACHINE));
    }

    private static List<String> problems(Map<String, String> params) {
        return catchThrowableOfType(InvalidConfigException.class, () -> read(params))
                .problems();
    }

    private static String onlyProblem(Map<String, String> params) {
        List<String> problems = problems(params);
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    /** Has a {@link Listener} of its own, as a web app has classes that its server does not see. */
    private static final class WebAppClassLoader extends ClassLoader {
        WebAppClassLoader(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Listener.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream file = Objects.requireNonNull(getResourceAsStream(name.replace('.', '/') + ".class"))) {
                byte[] code = file.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** A listener as an app would write it. */
    public static final class Listener implements BatchListener {}

    /** No public constructor. */
    public static final class Hidden implements BatchListener {
        private Hidden() {}
    }

    /** Its constructor throws. */
    public static final class Failing implements BatchListener {
        /** Throws. */
        public Failing() {
            throw new IllegalStateException("no licence");
        }
    }

    /** Its static initialiser throws. */
    public static final class Unloadable implements BatchListener {
        static final int LICENCES = Integer.parseInt("none");
    }
}
