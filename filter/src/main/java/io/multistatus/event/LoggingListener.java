package io.multistatus.event;

import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.time.Duration;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each batch and one for each failed item, at INFO, through the logger {@code io.multistatus.batch}. Never
 * a body, a query, a header or a path parameter (a session id, maybe): they may hold credentials. Thread-safe.
 */
public final class LoggingListener implements BatchListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.multistatus.batch");
    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
    private static final int MAX_WORD = 200;

    @Override
    public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
        if (response.failed() && LOG.isInfoEnabled()) {
            LOG.info(
                    "batch={} item={} method={} path={} status={} durationMs={} problem={}",
                    item.batch().batchId(),
                    oneWord(item.request().label()),
                    oneWord(item.request().method()),
                    oneWord(withoutParameters(item.path())),
                    response.status(),
                    duration.toMillis(),
                    response.problem() == null ? "-" : response.problem().name());
        }
    }

    @Override
    public void batchEnded(BatchEvent batch, Summary summary, Duration duration) {
        LOG.info(
                "batch={} path={} items={} succeeded={} failed={} durationMs={}",
                batch.batchId(),
                oneWord(withoutParameters(batch.path())),
                summary.total(),
                summary.succeeded(),
                summary.failed(),
                duration.toMillis());
    }

    @Override
    public void batchRefused(Problem problem) {
        // Not the detail: it quotes what is wrong with the body or a header.
        LOG.info("batch refused status={} problem={}", problem.status(), problem.name());
    }

    private static String withoutParameters(String path) {
        return PARAMETERS.matcher(path).replaceAll("");
    }

    /** What a client wrote cannot end the line or look like another field of it. */
    private static String oneWord(String text) {
        if (text.isEmpty()) {
            return "-";
        }
        StringBuilder word = new StringBuilder(Math.min(text.length(), MAX_WORD));
        for (int i = 0; i < text.length() && i < MAX_WORD; i++) {
            char c = text.charAt(i);
            word.append(c <= ' ' || c == 0x7f || Character.isISOControl(c) || c == '=' || c > 0xff ? '_' : c);
        }
        return word.toString();
    }
}
