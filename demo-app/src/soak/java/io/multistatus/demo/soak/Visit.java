package io.multistatus.demo.soak;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;

/** One way to use the server, or to misuse it; tells the tally if an answer is not as it must be. */
@FunctionalInterface
interface Visit {
    /**
     * Makes it.
     *
     * @throws IOException if the connection breaks, which is a fault of the server's wherever the visit has not done it
     */
    void make(InetSocketAddress server, RandomGenerator random, Tally tally) throws IOException;
}
