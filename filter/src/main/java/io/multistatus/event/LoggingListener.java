package io.multistatus.event;

import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each batch and one for each failed item, at INFO, through the logger {@code io.multistatus.batch}. Never
 * a body, a query or a header: they may hold credentials. Thread-safe.
 */
public final class LoggingListener implements BatchListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.multistatus.batch");

    @Override
    public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
        if (response.failed() && LOG.isInfoEnabled()) {
            LOG.info(
                    "batch={} item={} method={} path={} status={} durationMs={} problem={}",
                    item.batch().batchId(),
                    oneWord(item.request().label()),
                    item.request().method(),
                    oneWord(item.path()),
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
                oneWord(batch.path()),
                summary.total(),
                summary.succeeded(),
                summary.failed(),
                duration.toMillis());
    }

    @Override
    public void batchRefused(Problem problem) {
        LOG.info(
                "batch refused status={} problem={} detail=\"{}\"",
                problem.status(),
                problem.name(),
                problem.detail().replaceAll("\\p{Cntrl}", "_"));
    }

    /** What a client wrote cannot end the line or look like another field of it. */
    private static String oneWord(String text) {
        StringBuilder word = new StringBuilder(Math.min(text.length(), 200));
        for (int i = 0; i < text.length() && i < 200; i++) {
            char c = text.charAt(i);
            word.append(c <= ' ' || c == 0x7f || Character.isISOControl(c) || c == '=' || c > 0xff ? '_' : c);
        }
        return word.toString();
    }
}
