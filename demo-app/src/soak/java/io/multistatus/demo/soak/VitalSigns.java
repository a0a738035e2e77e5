package io.multistatus.demo.soak;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Looks into the demo's JVM by JMX, to which it attaches by the process's id, and asks the demo for its metrics. Not
 * thread-safe.
 */
final class VitalSigns implements AutoCloseable {
    private static final int COLLECTIONS = 2;
    private static final long POLL_MILLIS = 250;
    private static final int QUIET_POLLS = 6;
    private static final long PATIENCE_SECONDS = 60;

    /** What is zero when nothing runs. */
    private static final Pattern BUSY = Pattern.compile("(?m)^multistatus_"
            + "(buffered_bytes|batches_live|items_running|items_abandoned|jobs_queued|jobs_running) (\\S+)$");

    private static final int GAUGES = 6;

    /** Threads that are there because somebody looks. */
    private static final String OBSERVERS = "(RMI|JMX) .*|Attach Listener";

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI metrics;
    private final Path descriptors;
    private final JMXConnector connector;
    private final MBeanServerConnection beans;

    @SuppressWarnings("BanJNDI") // The other side is the demo, which this process has started.
    VitalSigns(long pid, InetSocketAddress address) throws IOException {
        metrics = URI.create("http://127.0.0.1:" + address.getPort() + "/metrics");
        descriptors = Path.of("/proc", String.valueOf(pid), "fd");
        String url;
        try {
            VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
            try {
                url = machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException("Process " + pid + " lets nobody look", e);
        }
        connector = JMXConnectorFactory.connect(new JMXServiceURL(url));
        beans = connector.getMBeanServerConnection();
    }

    /** Waits until the server has no more to do than when nobody asks it for anything, and looks then. */
    Vitals whenQuiet() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        // Who takes nothing of an answer is given up after half a minute.
        while (!busy().isEmpty() && System.nanoTime() - deadline < 0) {
            Load.pause(POLL_MILLIS);
        }
        Map<String, Integer> open = descriptors();
        for (int same = 0; same < QUIET_POLLS && System.nanoTime() - deadline < 0; ) {
            Load.pause(POLL_MILLIS);
            Map<String, Integer> now = descriptors();
            same = now.equals(open) ? same + 1 : 0;
            open = now;
        }
        return look();
    }

    private Vitals look() throws IOException {
        MemoryMXBean memory = ManagementFactory.getPlatformMXBean(beans, MemoryMXBean.class);
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
        }
        Map<String, Long> buffers = ManagementFactory.getPlatformMXBeans(beans, BufferPoolMXBean.class).stream()
                .collect(Collectors.toMap(BufferPoolMXBean::getName, BufferPoolMXBean::getMemoryUsed));
        Map<String, Integer> open = descriptors();
        int sockets = open.getOrDefault("socket", 0);
        int selectors = open.getOrDefault("anon_inode", 0);
        return new Vitals(
                busy(),
                memory.getHeapMemoryUsage().getUsed(),
                buffers.getOrDefault("direct", 0L),
                buffers.getOrDefault("mapped", 0L),
                threads(),
                sockets,
                selectors,
                open.values().stream().mapToInt(Integer::intValue).sum() - sockets - selectors);
    }

    /** Those of the filter's gauges that are not zero. */
    private Map<String, Double> busy() throws IOException {
        String text;
        try {
            text = client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking for metrics", e);
        }
        Map<String, Double> gauges = BUSY.matcher(text)
                .results()
                .collect(Collectors.toMap(gauge -> gauge.group(1), gauge -> Double.valueOf(gauge.group(2))));
        if (gauges.size() != GAUGES) {
            throw new IOException("only " + gauges.keySet() + " in " + text);
        }
        gauges.values().removeIf(value -> value == 0);
        return gauges;
    }

    private Map<String, Integer> threads() throws IOException {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(beans, ThreadMXBean.class);
        return Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(Objects::nonNull)
                .map(ThreadInfo::getThreadName)
                .filter(name -> !name.matches(OBSERVERS))
                .collect(Collectors.toMap(
                        name -> name.replaceAll("[0-9a-f]{8}|[0-9]+", "#"), name -> 1, Integer::sum, TreeMap::new));
    }

    /** How many there are of each kind, as Linux tells. */
    private Map<String, Integer> descriptors() throws IOException {
        Map<String, Integer> kinds = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path each : all) {
                try {
                    kinds.merge(Files.readSymbolicLink(each).toString().replaceAll(":.*", ""), 1, Integer::sum);
                } catch (NoSuchFileException e) {
                    // Closed since it was listed.
                }
            }
        }
        return kinds;
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
