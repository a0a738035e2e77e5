package io.multistatus.format.multipart;

import io.multistatus.format.Dialect;
import io.multistatus.format.LimitExceededException;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one batch, part by part (OData 4.01 Part 1, section 11.7.7). A multipart in it is a change set: the items of one
 * group. Not thread-safe.
 */
final class MultipartBatchReader {
    private final MultipartInput input;
    private final BatchBuilder batch;
    private final KnownIds ids;

    private int changeSets;

    private MultipartBatchReader(Dialect dialect, MultipartInput input, BatchBuilder batch) {
        this.input = input;
        this.batch = batch;
        this.ids = new KnownIds(dialect);
    }

    /** See {@link io.multistatus.format.BatchFormat#read}. */
    static Batch read(Dialect dialect, String contentType, InputStream body, BatchBuilder batch)
            throws BatchException, IOException {
        try {
            return new MultipartBatchReader(dialect, new MultipartInput(body), batch).read(Boundary.of(contentType));
        } catch (LimitExceededException e) {
            throw e.asBatchException();
        } catch (MalformedPartException e) {
            throw new BatchException(
                    Problem.malformedBatch(
                            "The batch is malformed: " + e.problem().detail()),
                    e);
        }
    }

    private Batch read(String boundary) throws BatchException, IOException, MalformedPartException {
        input.enter(boundary);
        MultipartInput.Preamble preamble = input.skipPreamble();
        if (preamble == MultipartInput.Preamble.BROKEN_DELIMITER) {
            throw new MalformedPartException(brokenDelimiter(boundary));
        }
        if (input.delimiter() == null) {
            throw new MalformedPartException("no line of the body is the delimiter " + Problem.quote("--" + boundary));
        }
        if (preamble == MultipartInput.Preamble.TEXT && !isBeforePartOf(0)) {
            throw new MalformedPartException(onlyPreamble(boundary));
        }
        while (isBeforePartOf(0)) {
            input.nextLine();
            readPart();
        }
        if (input.delimiter() == null) {
            throw new MalformedPartException("the body ends without the closing delimiter "
                    + Problem.quote("--" + boundary + "--") + ", after " + batch.size() + " requests");
        }
        input.skipToEnd();
        return batch.build();
    }

    private static String brokenDelimiter(String boundary) {
        return "a line before the first delimiter looks like the delimiter " + Problem.quote("--" + boundary)
                + ", but has something before or behind it";
    }

    /** Parts ahead of the first delimiter would go unseen. */
    private static String onlyPreamble(String boundary) {
        return "there is something before the closing delimiter " + Problem.quote("--" + boundary + "--")
                + ", but no delimiter " + Problem.quote("--" + boundary);
    }

    private boolean isBeforePartOf(int depth) {
        MultipartInput.Delimiter delimiter = input.delimiter();
        return delimiter != null && delimiter.depth() == depth && !delimiter.closes();
    }

    private void readPart() throws BatchException, IOException {
        PartHead head = PartHead.read(input, batch);
        if (head.isMultipart()) {
            for (Subrequest item : changeSet(head)) {
                batch.beforeNext(0);
                batch.add(item);
            }
        } else {
            batch.beforeNext(0);
            batch.add(item(batch.size(), head, null));
        }
        // Behind a change set there may be an epilogue.
        input.skipContent();
    }

    /** Its items; if its own framing is broken, one that says so: then nothing of it runs. */
    private List<Subrequest> changeSet(PartHead head) throws BatchException, IOException {
        String boundary;
        try {
            head.checkIsNotEncoded();
            boundary = Boundary.of(head.contentType());
        } catch (MalformedPartException e) {
            return List.of(insteadOfChangeSet(head, e.problem()));
        }
        changeSets++;
        // A Content-ID that is called like that is refused, as any is that names a group.
        String group = "change set \u2116 " + changeSets;
        ids.enter(changeSets);
        input.enter(boundary);
        MultipartInput.Preamble preamble = input.skipPreamble();
        int depth = input.depth() - 1;
        boolean brokenDelimiter = preamble == MultipartInput.Preamble.BROKEN_DELIMITER;
        boolean onlyPreamble = preamble == MultipartInput.Preamble.TEXT && !isBeforePartOf(depth);
        List<Subrequest> items = new ArrayList<>();
        while (isBeforePartOf(depth)) {
            input.nextLine();
            batch.beforeNext(items.size());
            items.add(item(batch.size() + items.size(), PartHead.read(input, batch), group));
        }
        MultipartInput.Delimiter end = input.delimiter();
        boolean closed = end != null && end.depth() == depth;
        if (closed) {
            input.nextLine();
        }
        input.leave();
        boolean broken = !closed || onlyPreamble || brokenDelimiter || items.isEmpty();
        ids.leave(broken);
        if (!broken) {
            return items;
        }
        String detail = "the change set ends without its closing delimiter " + Problem.quote("--" + boundary + "--")
                + ", after " + items.size() + " requests";
        if (brokenDelimiter) {
            detail = brokenDelimiter(boundary);
        } else if (closed) {
            // Without an answer to it, those to what follows would not be where their requests are.
            detail = onlyPreamble ? onlyPreamble(boundary) : "the change set has no requests";
        }
        return List.of(insteadOfChangeSet(head, Problem.malformedRequest(detail)));
    }

    private Subrequest insteadOfChangeSet(PartHead head, Problem fault) throws BatchException {
        Subrequest item = faulty(batch.size(), head.id(), null, fault);
        batch.reserveItem(item);
        return item;
    }

    private Subrequest item(int index, PartHead head, @Nullable String group) throws BatchException, IOException {
        ItemId id = ids.inScope(head.id());
        Subrequest item;
        try {
            head.checkIsHttp();
            HttpPart request = HttpPart.parse(input.content(), batch);
            // Where clients that only know the request's own fields have put it.
            id = id == null ? ids.inScope(PartHead.id(request.headers())) : id;
            item = new Subrequest(
                    index,
                    id,
                    request.method(),
                    request.url(),
                    request.headers(),
                    request.body(),
                    ids.dependencies(request.url()),
                    group,
                    null);
        } catch (MalformedPartException e) {
            input.skipContent();
            id = id == null ? ids.inScope(e.id()) : id;
            item = faulty(index, id, group, e.problem());
        }
        batch.reserveItem(item);
        ids.add(id);
        return item;
    }

    private static Subrequest faulty(int index, @Nullable ItemId id, @Nullable String group, Problem fault) {
        String label = id == null ? "#" + (index + 1) : Problem.quote(id.text());
        Problem labelled = fault.detail("Item " + label + ": " + fault.detail());
        return new Subrequest(index, id, "", "", Headers.empty(), null, List.of(), group, labelled);
    }
}
