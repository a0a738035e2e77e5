package io.multistatus;

/**
 * What defaults are derived from.
 *
 * @param maxMemory the most the heap may grow to, in bytes
 * @param processors how many processors the JVM may use
 * @param javaVersion the JVM's feature version: 17, 21
 */
record Machine(long maxMemory, int processors, int javaVersion) {
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    /** The one this JVM runs on. */
    static Machine current() {
        Runtime runtime = Runtime.getRuntime();
        return new Machine(
                runtime.maxMemory(),
                runtime.availableProcessors(),
                Runtime.version().feature());
    }

    boolean hasVirtualThreads() {
        return javaVersion >= FIRST_WITH_VIRTUAL_THREADS;
    }
}
