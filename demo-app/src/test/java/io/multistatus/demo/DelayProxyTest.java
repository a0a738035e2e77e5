package io.multistatus.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("try") // what becomes of a connection that one side closes is what is tested
class DelayProxyTest {
    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();
    private static final int RTT_MILLIS = 60;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ServerSocket server;
    private DelayProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 300, LOCAL);
        proxy = DelayProxy.open(RTT_MILLIS, LOCAL, new InetSocketAddress(LOCAL, server.getLocalPort()));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
        threads.shutdownNow();
    }

    private Socket connect() throws IOException {
        return new Socket(LOCAL, proxy.port());
    }

    /** Sends back what comes, connection by connection, until the server is closed. */
    private void echo() {
        threads.execute(() -> {
            try {
                while (true) {
                    Socket accepted = server.accept();
                    threads.execute(() -> sendBack(accepted));
                }
            } catch (IOException e) {
                // The server is closed.
            }
        });
    }

    private static void sendBack(Socket accepted) {
        try (accepted) {
            accepted.getInputStream().transferTo(accepted.getOutputStream());
        } catch (IOException e) {
            // The client is gone, and has seen what it wanted.
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String receive(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    private static byte[] random(int bytes) {
        byte[] some = new byte[bytes];
        new Random(bytes).nextBytes(some);
        return some;
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    @Test
    void aSelectorIsNotToldToWaitForEverWhenTimeIsUp() {
        assertThat(DelayProxy.millis(0)).isEqualTo(1);
        assertThat(DelayProxy.millis(1)).isEqualTo(1);
        assertThat(DelayProxy.millis(1_000_001)).isEqualTo(2);
        assertThat(DelayProxy.millis(Long.MAX_VALUE)).isZero();
    }

    @Test
    void whatIsToldToFinishEndsItsConnectionsByItself() throws Exception {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            proxy.finish();

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> accepted.getInputStream().read());
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.getInputStream().read());
        }
    }

    @Test
    void anAnswerTakesARoundTripAndTheFirstOneMoreForTheConnection() throws Exception {
        echo();
        long start = System.nanoTime();
        try (Socket client = connect()) {
            send(client, "one");
            assertThat(receive(client, 3)).isEqualTo("one");
            assertThat(millisSince(start)).isGreaterThanOrEqualTo(2 * RTT_MILLIS);

            start = System.nanoTime();
            send(client, "two");
            assertThat(receive(client, 3)).isEqualTo("two");
            assertThat(millisSince(start)).isGreaterThanOrEqualTo(RTT_MILLIS);
        }
    }

    /** A receiver that slept for each chunk would take 160 round trips for that. */
    @Test
    void muchGoesBothWaysAtOnceIntact() throws Exception {
        echo();
        byte[] much = random(20_000_003);
        try (Socket client = connect()) {
            Future<?> sent = threads.submit(() -> {
                client.getOutputStream().write(much);
                client.shutdownOutput();
                return null;
            });
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(much);
            sent.get();
        }
    }

    @Test
    void manyConnectionsDoNotMixUp() throws Exception {
        echo();
        List<Future<byte[]>> answers = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            int bytes = i * 1000;
            answers.add(threads.submit(() -> {
                try (Socket client = connect()) {
                    client.getOutputStream().write(random(bytes));
                    client.shutdownOutput();
                    return client.getInputStream().readAllBytes();
                }
            }));
        }
        for (int i = 1; i <= 100; i++) {
            assertThat(answers.get(i - 1).get()).isEqualTo(random(i * 1000));
        }
    }

    @Test
    void whoHasSaidAllCanStillBeAnswered() throws Exception {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            send(client, "question");
            client.shutdownOutput();
            assertThat(accepted.getInputStream().readAllBytes()).asString().isEqualTo("question");
            send(accepted, "answer");
            accepted.close();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
        }
    }

    @Test
    void aServerThatHasSaidAllCanStillBeTold() throws Exception {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            accepted.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            send(client, "goodbye");
            client.close();
            assertThat(accepted.getInputStream().readAllBytes()).asString().isEqualTo("goodbye");
        }
    }

    @Test
    void aResetOfTheServerIsOneForTheClient() throws Exception {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            accepted.setSoLinger(true, 0);
            accepted.close();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.getInputStream().read());
        }
    }

    @Test
    void aResetOfTheClientIsOneForTheServer() throws Exception {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            client.setSoLinger(true, 0);
            client.close();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> accepted.getInputStream().read());
        }
    }

    @Test
    void withoutAServerConnectionsAreReset() throws Exception {
        server.close();
        try (Socket client = connect()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.getInputStream().read());
        }
    }

    /** What is sent to a client that does not read waits at the sender, not in the proxy. */
    @Test
    void aClientThatDoesNotReadHoldsUpTheServer() throws Exception {
        byte[] much = random(64 << 20);
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            Future<?> sent = threads.submit(() -> {
                accepted.getOutputStream().write(much);
                accepted.close();
                return null;
            });
            try (InputStream in = client.getInputStream()) {
                assertThat(in.readNBytes(1000)).hasSize(1000);
                assertThat(sent.isDone()).isFalse();
                assertThat(in.readAllBytes()).hasSize(much.length - 1000);
            }
            sent.get();
        }
    }

    @Test
    void onceItRefusesOnlyWhatIsOpenGoesOn() throws Exception {
        echo();
        try (Socket client = connect()) {
            send(client, "one");
            assertThat(receive(client, 3)).isEqualTo("one");
            proxy.refuse();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connectUntilRefused());
            send(client, "two");
            assertThat(receive(client, 3)).isEqualTo("two");
        }
    }

    /** The port is closed by the proxy's own thread. */
    private void connectUntilRefused() throws IOException {
        while (true) {
            connect().close();
        }
    }

    @Test
    void closingEndsWhatIsOpenAndItsThread() throws Exception {
        echo();
        try (Socket client = connect()) {
            send(client, "one");
            assertThat(receive(client, 3)).isEqualTo("one");
            proxy.close();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.getInputStream().read());
        }
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> connect().close());
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("demo-delay-" + RTT_MILLIS);
    }
}
