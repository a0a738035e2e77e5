package io.multistatus.event;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who has done what by batches: a line for each item, whether it succeeded or not, for each batch, and for each batch that was
 * refused or, as a job, ended before its turn, at INFO through the logger {@code io.multistatus.audit}. A line is {@code name=value} pairs between single spaces, always
 * the same ones in the same order for one {@code event}; {@code -} stands for what there is none of. Values have no spaces: what
 * is not printable ASCII in them, and {@code = % "}, is percent-encoded as UTF-8. Never a body, a query, a path parameter or a
 * field's value: they may hold credentials. Thread-safe.
 *
 * <p>It does nothing unless it is added to the listeners.
 */
public final class AuditListener implements BatchListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.multistatus.audit");

    @Override
    public void itemEnded(ItemEvent item, Subresponse response, Duration duration) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        BatchEvent batch = item.batch();
        Headers own = item.request().headers();
        LOG.info(
                "event=item batch={} item={} user={} remote={} credentials={} method={} path={} status={} problem={}"
                        + " replayed={} durationMs={}",
                batch.batchId(),
                LogText.encoded(item.request().label()),
                LogText.encoded(batch.caller().user()),
                LogText.encoded(batch.caller().remoteAddress()),
                own.contains("Authorization") ? "own" : "batch",
                LogText.encoded(item.request().method()),
                LogText.encoded(LogText.withoutParameters(item.path())),
                response.status(),
                name(response.problem()),
                response.replayed(),
                duration.toMillis());
    }

    @Override
    public void batchEnded(BatchEvent batch, Summary summary, Duration duration) {
        LOG.info(
                "event=batch batch={} user={} remote={} path={} job={} bytes={} items={} succeeded={} failed={}"
                        + " durationMs={}",
                batch.batchId(),
                LogText.encoded(batch.caller().user()),
                LogText.encoded(batch.caller().remoteAddress()),
                LogText.encoded(LogText.withoutParameters(batch.path())),
                batch.job(),
                batch.bytes(),
                summary.total(),
                summary.succeeded(),
                summary.failed(),
                duration.toMillis());
    }

    @Override
    public void jobDropped(BatchEvent batch, Problem why) {
        LOG.info(
                "event=dropped batch={} user={} remote={} path={} bytes={} items={} problem={}",
                batch.batchId(),
                LogText.encoded(batch.caller().user()),
                LogText.encoded(batch.caller().remoteAddress()),
                LogText.encoded(LogText.withoutParameters(batch.path())),
                batch.bytes(),
                batch.items(),
                why.name());
    }

    @Override
    public void batchRefused(RefusedBatchEvent refused) {
        LOG.info(
                "event=refused user={} remote={} path={} status={} problem={}",
                LogText.encoded(refused.caller().user()),
                LogText.encoded(refused.caller().remoteAddress()),
                LogText.encoded(LogText.withoutParameters(refused.path())),
                refused.problem().status(),
                name(refused.problem()));
    }

    private static String name(@Nullable Problem problem) {
        return problem == null ? "-" : problem.name();
    }
}
