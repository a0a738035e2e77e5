package io.multistatus.execution;

/**
 * Items that run in one transaction; they stand next to each other.
 *
 * @param name as the client wrote it
 * @param first the index of its first item
 * @param end the index after its last item
 */
record AtomicGroup(String name, int first, int end) {
    int size() {
        return end - first;
    }

    boolean contains(int item) {
        return item >= first && item < end;
    }
}
