package io.multistatus;

import io.multistatus.execution.ExecutionMode;
import jakarta.servlet.FilterConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A filter's init-params as a configuration: text is read here, values are judged by the builder. */
final class InitParams {
    /** How different two names may be for one to be taken for the other, misspelled. */
    private static final int MAX_TYPOS = 3;

    /** Every key there is. */
    private static final List<Key<?>> KEYS = List.of(
            new Key<>("path", Function.identity(), BatchConfigBuilder::path),
            new Key<>("odataPath", Function.identity(), BatchConfigBuilder::odataPath),
            new Key<>("odataStatus", ParamText::integer, BatchConfigBuilder::odataStatus),
            new Key<>("urlBase", Function.identity(), BatchConfigBuilder::urlBase),
            new Key<>("multiStatus", ParamText.oneOf(MultiStatus.class), BatchConfigBuilder::multiStatus),
            new Key<>("status200UserAgents", Function.identity(), BatchConfigBuilder::status200UserAgents),
            new Key<>("deniedHeaders", ParamText::list, BatchConfigBuilder::deniedHeaders),
            new Key<>("allowedHeaders", ParamText::list, BatchConfigBuilder::allowedHeaders),
            new Key<>("allowedOrigins", ParamText::list, BatchConfigBuilder::allowedOrigins),
            new Key<>("execution", ParamText.oneOf(ExecutionMode.class), BatchConfigBuilder::execution),
            new Key<>("maxRequests", ParamText::integer, BatchConfigBuilder::maxRequests),
            new Key<>("maxBatchBytes", ParamText::size, BatchConfigBuilder::maxBatchBytes),
            new Key<>("maxResponseBytes", ParamText::size, BatchConfigBuilder::maxResponseBytes),
            new Key<>("maxEnvelopeBytes", ParamText::size, BatchConfigBuilder::maxEnvelopeBytes),
            new Key<>("maxBufferedBytes", ParamText::size, BatchConfigBuilder::maxBufferedBytes),
            new Key<>("itemTimeout", ParamText::duration, BatchConfigBuilder::itemTimeout),
            new Key<>("batchTimeout", ParamText::duration, BatchConfigBuilder::batchTimeout),
            new Key<>("maxConcurrency", ParamText::integer, BatchConfigBuilder::maxConcurrency),
            new Key<>("maxDepth", Function.identity(), BatchConfigBuilder::maxDepth),
            new Key<>("allow", ParamText::list, BatchConfigBuilder::allow),
            new Key<>("deny", ParamText::list, BatchConfigBuilder::deny),
            new Key<>("atomicity", ParamText.oneOf(AtomicityChoice.class), BatchConfigBuilder::atomicity),
            new Key<>("dispatcher", ParamText.oneOf(DispatcherChoice.class), BatchConfigBuilder::dispatcher),
            new Key<>("loopbackUrl", Function.identity(), BatchConfigBuilder::loopbackUrl),
            new Key<>("forwardAllow", ParamText::list, BatchConfigBuilder::forwardAllow),
            new Key<>("threads", ParamText::integer, BatchConfigBuilder::threads),
            new Key<>("virtualThreads", ParamText::bool, BatchConfigBuilder::virtualThreads),
            new Key<>("maxAbandoned", ParamText::integer, BatchConfigBuilder::maxAbandoned),
            new Key<>(
                    "listeners",
                    ListenerClasses::instantiate,
                    (builder, listeners) -> listeners.forEach(builder::listener)));

    private InitParams() {}

    /** One key: how its text is read and what is done with the value. */
    private record Key<T>(String name, Function<String, T> reader, BiConsumer<BatchConfigBuilder, T> setter) {

        void apply(String text, BatchConfigBuilder builder, ConfigProblems problems) {
            // The value is wrapped because a reader's refusal leaves none, and a builder takes no null.
            problems.check(name, text.strip(), reader.andThen(Optional::of), Optional.<T>empty())
                    .ifPresent(value -> setter.accept(builder, value));
        }
    }

    /** The names of all keys, in the order they are documented. */
    static List<String> keys() {
        return KEYS.stream().map(Key::name).toList();
    }

    /**
     * Adds what the init-params say to what {@code builder} holds.
     *
     * @throws InvalidConfigException if a key is unknown or a value is malformed or impossible; names all of them
     */
    static BatchConfig read(FilterConfig config, BatchConfigBuilder builder) {
        ConfigProblems problems = new ConfigProblems();
        List<String> given = new ArrayList<>(Collections.list(config.getInitParameterNames()));
        for (Key<?> key : KEYS) {
            String text = config.getInitParameter(key.name());
            if (given.remove(key.name()) && text != null) {
                key.apply(text, builder, problems);
            }
        }
        for (String unknown : given) {
            problems.add(unknown + " is no configuration key; " + nearest(unknown));
        }
        return builder.build(problems);
    }

    private static String nearest(String unknown) {
        String known = Collections.min(keys(), Comparator.comparingInt(key -> typos(unknown, key)));
        return typos(unknown, known) <= MAX_TYPOS
                ? "did you mean " + known + "?"
                : "there are " + String.join(", ", keys());
    }

    /** How many letters must be added, dropped or changed to get from one to the other (Levenshtein), case aside. */
    private static int typos(String one, String other) {
        String from = one.toLowerCase(Locale.ROOT);
        String to = other.toLowerCase(Locale.ROOT);
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
