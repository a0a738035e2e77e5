package io.multistatus.execution;

import java.util.List;

/**
 * An item got done.
 *
 * @param first whether this answer is the one that counts; false if the item had one already
 * @param skipped items that got done with it, because they will not run now
 */
record Settled(boolean first, List<Integer> skipped, NextStep next) {
    static final Settled TOO_LATE = new Settled(false, List.of(), NextStep.NOTHING);
}
