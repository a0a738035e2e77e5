package io.multistatus.event;

import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each batch, one for each failed item, and one for each job that ended before its turn, at INFO, through the logger {@code io.multistatus.batch}. Never
 * a body, a query, a header or a path parameter (a session id, maybe): they may hold credentials. Thread-safe.
 */
public final class LoggingListener implements BatchListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.multistatus.batch");

    @Override
    public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
        if (response.failed() && LOG.isInfoEnabled()) {
            LOG.info(
                    "batch={} item={} method={} path={} status={} durationMs={} problem={}",
                    item.batch().batchId(),
                    LogText.oneWord(item.request().label()),
                    LogText.oneWord(item.request().method()),
                    LogText.path(item.path()),
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
                LogText.path(batch.path()),
                summary.total(),
                summary.succeeded(),
                summary.failed(),
                duration.toMillis());
    }

    @Override
    public void jobDropped(BatchEvent batch, Problem why) {
        LOG.info(
                "batch={} path={} items={} dropped problem={}",
                batch.batchId(),
                LogText.path(batch.path()),
                batch.items(),
                why.name());
    }

    @Override
    public void batchRefused(RefusedBatchEvent refused) {
        // Not the detail: it quotes what is wrong with the body or a header.
        Problem problem = refused.problem();
        LOG.info("batch refused status={} problem={}", problem.status(), problem.name());
    }
}
