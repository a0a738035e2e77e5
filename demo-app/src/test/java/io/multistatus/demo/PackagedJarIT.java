package io.multistatus.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is handed out, in a process of its own. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PackagedJarIT {
    private static final String JAR = System.getProperty("demo.jar");
    private final List<Process> processes = new ArrayList<>();

    /** Where the processes put what they need no longer than they live. */
    @TempDir
    private Path temporary;

    @AfterEach
    void endWhatIsLeft() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void itServesThePageAndTheShopAndSaysWhere() throws Exception {
        Visitor visitor = new Visitor(baseUrl(run("--port", "0", "--threads", String.valueOf(Options.MIN_THREADS))));

        assertThat(visitor.get("/").body()).startsWith("<!doctype html>");
        assertThat(visitor.get("/api/products/1").statusCode()).isEqualTo(200);
        assertThat(visitor.get("/health").statusCode()).isEqualTo(200);
        assertThat(visitor.postJson("/batch", Banner.BATCH).statusCode()).isEqualTo(207);
        visitor.logIn();
        assertThat(Envelope.statuses(visitor.postJson("/batch", """
                {"requests": [
                  {"id": 1, "atomicityGroup": "g", "method": "POST", "url": "/api/orders"},
                  {"id": 2, "atomicityGroup": "g", "method": "POST", "url": "/api/products/60/reservations",
                   "body": {"order": "{$1.body#/id}", "quantity": 1}, "dependsOn": [1]}]}
                """))).containsExactly(424, 409);
    }

    @Test
    void overTlsTheKeyIsInMemoryOnly() throws Exception {
        Process process = run("--port", "0", "--tls", "--rtt", "0");

        assertThat(process.inputReader(US_ASCII).readLine()).contains(": https://127.0.0.1:");
        try (Stream<Path> left = Files.walk(temporary)) {
            assertThat(left).noneMatch(file -> file.toString().endsWith(".p12"));
        }
    }

    @Test
    void helpIsPrintedAndThatIsAll() throws Exception {
        Process process = run("--help");

        assertThat(output(process)).isEqualTo(Options.USAGE);
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void anUnknownOptionIsExitCodeTwoAndOneLine() throws Exception {
        Process process = run("--prot", "80");

        assertThat(errors(process)).isEqualTo("multistatus-demo: unknown option '--prot' (see --help)\n");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    @Test
    void aPortInUseIsExitCodeOneAndOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = run("--port", String.valueOf(taken.getLocalPort()));

            assertThat(errors(process))
                    .startsWith("multistatus-demo: cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ")
                    .containsOnlyOnce("\n");
            assertThat(process.waitFor()).isEqualTo(1);
        }
    }

    @Test
    void aDatabaseThatCannotBeOpenedIsExitCodeOneAndOneLine() throws Exception {
        Process process = run("--port", "0", "--db", "jdbc:nosuch:x");

        assertThat(errors(process))
                .startsWith("multistatus-demo: cannot open the database 'jdbc:nosuch:x': ")
                .containsOnlyOnce("\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void aDatabaseServerThatIsNotThereIsNamedWithoutThePassword() throws Exception {
        int port = freePort();
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/shop?user=shop&password=";
        Process process = run("--port", "0", "--db", url + "secret");

        assertThat(errors(process))
                .startsWith("multistatus-demo: cannot open the database '" + url + "***': Connection to 127.0.0.1:"
                        + port + " refused.")
                .containsOnlyOnce("\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void aUrlThatThePostgresDriverCannotReadIsShownWithoutThePassword() throws Exception {
        Process process = run("--port", "0", "--db", "jdbc:postgresql://h:99999/shop?password=secret&user=shop");

        assertThat(errors(process))
                .startsWith("multistatus-demo: cannot open the database"
                        + " 'jdbc:postgresql://h:99999/shop?password=***&user=shop': ")
                .doesNotContain("secret")
                .containsOnlyOnce("\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void aHostThatIsNotThereIsExitCodeOneAndOneLine() throws Exception {
        Process process = run("--port", "0", "--host", "nowhere.invalid");

        assertThat(errors(process))
                .isEqualTo("multistatus-demo: cannot listen on 'nowhere.invalid': there is no such host\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void toldToStopItRefusesNewConnectionsAndFinishesWhatIsRunning() throws Exception {
        Process process = run("--port", "0");
        int port = Integer.parseInt(baseUrl(process).replaceAll(".*:", ""));
        try (Socket running = connect(port)) {
            running.getOutputStream().write("""
                            POST /api/carts HTTP/1.1
                            Host: localhost
                            Content-Type: application/json
                            Content-Length: 2
                            Expect: 100-continue

                            """.replace("\n", "\r\n").getBytes(US_ASCII));
            BufferedReader answer = new BufferedReader(new InputStreamReader(running.getInputStream(), US_ASCII));
            // Only the servlet, once it reads the body, has the server say so: it is running now.
            assertThat(answer.readLine()).startsWith("HTTP/1.1 100 ");

            // SIGTERM through the handle: Process.destroy() would also close the streams that are read below.
            assertThat(process.toHandle().destroy()).isTrue();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThatExceptionOfType(ConnectException.class)
                            .isThrownBy(() -> connect(port).close()));
            running.getOutputStream().write("{}".getBytes(US_ASCII));

            assertThat(answer.readLine()).isEmpty();
            assertThat(answer.readLine()).startsWith("HTTP/1.1 201 ");
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(errors(process)).isEmpty();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void theJarHoldsNoSignaturesAndNoModuleDescriptors() throws Exception {
        try (JarFile jar = new JarFile(JAR)) {
            assertThat(jar.stream().map(ZipEntry::getName))
                    .noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)|(.*/)?module-info\\.class"))
                    .doesNotContain("META-INF/web-fragment.xml");
        }
    }

    private Process run(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Djava.io.tmpdir=" + temporary,
                "-jar",
                JAR,
                "--container",
                RunningDemo.CONTAINER));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).start();
        processes.add(process);
        return process;
    }

    /** The URL that the process prints once it serves. */
    private static String baseUrl(Process process) throws IOException {
        String line = process.inputReader(US_ASCII).readLine();
        assertThat(line).as("first line of what it prints").contains("http://127.0.0.1:");
        return line.replaceAll(".*(http://127\\.0\\.0\\.1:[0-9]+)/.*", "$1");
    }

    /** One that nobody listens on. */
    private static int freePort() throws IOException {
        try (ServerSocket bound = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return bound.getLocalPort();
        }
    }

    private static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), US_ASCII);
    }

    private static String errors(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), US_ASCII);
    }
}
