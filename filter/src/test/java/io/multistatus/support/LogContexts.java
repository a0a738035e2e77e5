package io.multistatus.support;

import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.MDC;
import org.slf4j.spi.MDCAdapter;

/** Logs of the tests go to slf4j-simple, which has no MDC. */
public final class LogContexts {
    private LogContexts() {}

    /** Has MDC do what it does with real backends, for all tests to come of this JVM. */
    public static void use() {
        try {
            Field adapter = MDC.class.getDeclaredField("MDC_ADAPTER");
            adapter.setAccessible(true);
            if (!(adapter.get(null) instanceof OfThread)) {
                adapter.set(null, new OfThread());
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this slf4j-api has its MDC elsewhere", e);
        }
    }

    /** As Logback and Log4j have it: unlike slf4j's own, threads inherit nothing. */
    private static final class OfThread implements MDCAdapter {
        private final ThreadLocal<Map<String, String>> values = ThreadLocal.withInitial(HashMap::new);

        @Override
        public void put(String key, String value) {
            values.get().put(key, value);
        }

        @Override
        public String get(String key) {
            return values.get().get(key);
        }

        @Override
        public void remove(String key) {
            values.get().remove(key);
        }

        @Override
        public void clear() {
            values.remove();
        }

        @Override
        public Map<String, String> getCopyOfContextMap() {
            return new HashMap<>(values.get());
        }

        @Override
        public void setContextMap(Map<String, String> map) {
            values.set(new HashMap<>(map));
        }

        @Override
        public void pushByKey(String key, String value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String popByKey(String key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Deque<String> getCopyOfDequeByKey(String key) {
            return new ArrayDeque<>();
        }

        @Override
        public void clearDequeByKey(String key) {}
    }
}
