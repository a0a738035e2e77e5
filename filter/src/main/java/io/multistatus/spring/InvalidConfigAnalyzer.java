package io.multistatus.spring;

import io.multistatus.InvalidConfigException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says at start-up what is wrong with the properties, instead of a stack trace. */
final class InvalidConfigAnalyzer extends AbstractFailureAnalyzer<InvalidConfigException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidConfigException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Correct the multistatus.* properties of these names. multistatus.max-requests, for one, is maxRequests.",
                cause);
    }
}
