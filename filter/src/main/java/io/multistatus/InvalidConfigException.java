package io.multistatus;

import java.util.List;

/**
 * The configuration cannot be used. The message lists everything that is wrong with it: for each fault the key, the
 * value seen and what is allowed.
 */
public final class InvalidConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    /** With one sentence for each fault, which begins with the key. */
    public InvalidConfigException(List<String> problems) {
        super("The filter's configuration is invalid:\n  " + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    InvalidConfigException(List<String> problems, Throwable cause) {
        this(problems);
        initCause(cause);
    }

    /** One sentence for each fault, at least one. */
    public List<String> problems() {
        return problems;
    }
}
