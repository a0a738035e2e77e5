package io.multistatus.event;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Puts into the {@link MDC} of whoever works for an item, or is told of it, which it is, under {@value #BATCH_ID} and
 * {@value #ITEM_ID}, and then what was there before.
 */
public final class LogContext {
    /** The key of the batch's id, which is that of the batch's own log lines. */
    public static final String BATCH_ID = "batchId";
    /** The key of the item's id as its client wrote it, cut short, white space and control characters replaced. */
    public static final String ITEM_ID = "itemId";

    private LogContext() {}

    /** On the calling thread, which is to close it. */
    public static ItemScope enter(ItemEvent item) {
        String batchBefore = MDC.get(BATCH_ID);
        String itemBefore = MDC.get(ITEM_ID);
        MDC.put(BATCH_ID, item.batch().batchId());
        MDC.put(ITEM_ID, LogText.oneWord(item.request().label()));
        return () -> {
            restore(BATCH_ID, batchBefore);
            restore(ITEM_ID, itemBefore);
        };
    }

    private static void restore(String key, @Nullable String before) {
        if (before == null) {
            MDC.remove(key);
        } else {
            MDC.put(key, before);
        }
    }
}
