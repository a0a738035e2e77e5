package io.multistatus.demo.load;

import java.io.IOException;
import java.time.Duration;

/**
 * What one kind of traffic did in one stretch of time.
 *
 * @param perSecond subrequests answered per second
 * @param serverMillis CPU time of the server, in milliseconds per 1000 subrequests
 * @param clientMillis CPU time of the client, likewise
 */
record Sample(double perSecond, double serverMillis, double clientMillis) {

    static Sample take(Traffic traffic, ServerProcess server, Duration duration)
            throws IOException, InterruptedException {
        Duration serverBefore = server.cpuTime();
        Duration clientBefore = clientCpuTime();
        long begun = System.nanoTime();
        long count = traffic.run(duration);
        double seconds = (System.nanoTime() - begun) / 1e9;
        double thousands = count / 1000.0;
        return new Sample(
                count / seconds,
                server.cpuTime().minus(serverBefore).toNanos() / 1e6 / thousands,
                clientCpuTime().minus(clientBefore).toNanos() / 1e6 / thousands);
    }

    private static Duration clientCpuTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
