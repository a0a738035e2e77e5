package io.multistatus;

import java.util.List;

/**
 * What the answer to a batch says beside the answers to its items.
 *
 * @param status the status of the whole: 207 or 200
 * @param summarised whether it says how many items have succeeded
 * @param appliedPreferences as {@code Preference-Applied} says them
 * @param atomicityWaived whether a group ran without the transaction that would undo it
 * @param maxHeaderBytes how long the header may be as a whole
 */
record EnvelopeHead(
        int status, boolean summarised, List<String> appliedPreferences, boolean atomicityWaived, int maxHeaderBytes) {}
