package io.multistatus;

import jakarta.servlet.FilterConfig;
import java.util.List;
import java.util.function.Function;

/** The init-params of the {@link IdempotencyFilter}. */
final class IdempotencyInitParams {
    private static final InitParams<IdempotencyConfig.Builder> ALL = new InitParams<>(List.of(
            new InitParam<>("ttl", ParamText::duration, IdempotencyConfig.Builder::ttl),
            new InitParam<>("maxEntries", ParamText::integer, IdempotencyConfig.Builder::maxEntries),
            new InitParam<>("maxBytes", ParamText::size, IdempotencyConfig.Builder::maxBytes),
            new InitParam<>("maxResponseBytes", ParamText::size, IdempotencyConfig.Builder::maxResponseBytes),
            new InitParam<>("credentialHeaders", ParamText::list, IdempotencyConfig.Builder::credentialHeaders),
            new InitParam<>("dataSource", Function.identity(), IdempotencyConfig.Builder::dataSourceName),
            new InitParam<>("table", Function.identity(), IdempotencyConfig.Builder::table),
            new InitParam<>("createTable", ParamText::bool, IdempotencyConfig.Builder::createTable),
            new InitParam<>("lease", ParamText::duration, IdempotencyConfig.Builder::lease),
            new InitParam<>("transactional", ParamText::bool, IdempotencyConfig.Builder::transactional)));

    private IdempotencyInitParams() {}

    /** Their names, in the order they are documented. */
    static List<String> names() {
        return ALL.names();
    }

    /**
     * What they say, the defaults for the rest.
     *
     * @throws InvalidConfigException if a key is unknown or a value is malformed or impossible; names all of them
     */
    static IdempotencyConfig read(FilterConfig config) {
        ConfigProblems problems = new ConfigProblems();
        IdempotencyConfig.Builder builder = IdempotencyConfig.builder();
        ALL.read(config, builder, problems);
        return builder.build(problems);
    }
}
