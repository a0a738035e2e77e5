package io.multistatus.support;

import java.lang.reflect.Field;
import org.slf4j.MDC;
import org.slf4j.helpers.BasicMDCAdapter;

/** Logs of the tests go to slf4j-simple, which has no MDC. */
public final class LogContexts {
    private LogContexts() {}

    /** Has MDC do what it does with real backends, for all tests to come of this JVM. */
    public static void use() {
        try {
            Field adapter = MDC.class.getDeclaredField("MDC_ADAPTER");
            adapter.setAccessible(true);
            if (!(adapter.get(null) instanceof BasicMDCAdapter)) {
                adapter.set(null, new BasicMDCAdapter());
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this slf4j-api has its MDC elsewhere", e);
        }
    }
}
