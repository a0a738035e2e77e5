package io.multistatus.format.multipart;

import io.multistatus.format.EnvelopeWriter;
import io.multistatus.model.Headers;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.model.Summary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes a part for each item that stands for itself, and one for each change set: a multipart of its answers if it
 * succeeded, the answer to the one that failed if it did not (OData 4.01 Part 1, section 11.7.7.5). Not thread-safe.
 */
final class ODataMultipartWriter implements EnvelopeWriter {
    private static final int FAILED_DEPENDENCY = 424;

    private final MultipartOutput output = new MultipartOutput("batchresponse_");
    /** The change set at hand: it can be written only once it is all there. */
    private final List<Answered> changeSet = new ArrayList<>();

    private record Answered(Subrequest request, Subresponse response) {}

    @Override
    public String contentType() {
        return output.contentType();
    }

    @Override
    public void begin(OutputStream out) {
        // The first delimiter stands before the first item.
    }

    @Override
    public void item(Subrequest request, Subresponse response, boolean cookiesDropped, OutputStream out)
            throws IOException {
        String group = request.atomicityGroup();
        if (!changeSet.isEmpty() && !Objects.equals(changeSet.get(0).request().atomicityGroup(), group)) {
            endChangeSet(out);
        }
        Answered answered = new Answered(request, response);
        if (group == null) {
            write(answered, output, out);
        } else {
            changeSet.add(answered);
        }
    }

    @Override
    public void keepAlive(OutputStream out) throws IOException {
        output.keepAlive(out);
    }

    @Override
    public void end(Summary summary, OutputStream out) throws IOException {
        endChangeSet(out);
        output.end(out);
    }

    private void endChangeSet(OutputStream out) throws IOException {
        if (changeSet.isEmpty()) {
            return;
        }
        List<Answered> failed =
                changeSet.stream().filter(each -> each.response().failed()).toList();
        if (!failed.isEmpty() && isOne()) {
            write(culprit(failed), output, out);
        } else {
            MultipartOutput inner = new MultipartOutput("changesetresponse_");
            output.begin(inner, out);
            for (Answered each : changeSet) {
                write(each, inner, out);
            }
            inner.end(out);
        }
        changeSet.clear();
    }

    /** Not if there are several that change nothing: they have run each for itself. */
    private boolean isOne() {
        return changeSet.size() == 1
                || !changeSet.stream().allMatch(each -> each.request().isSafe());
    }

    /** The others of its group have not run because of it, or have been rolled back. */
    private static Answered culprit(List<Answered> failed) {
        return failed.stream()
                .filter(each -> each.response().status() != FAILED_DEPENDENCY)
                .findFirst()
                .orElse(failed.get(0));
    }

    private static void write(Answered answered, MultipartOutput to, OutputStream out) throws IOException {
        Headers fields = ContentIds.of(answered.request().id(), "")
                .map(id -> Headers.of("Content-ID", id))
                .orElse(Headers.empty());
        to.part(fields, answered.request(), answered.response(), out);
    }
}
