package io.multistatus.equivalence;

import io.multistatus.equivalence.RequestCase.SessionNeed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests that can stand in one batch, because they have the same on the outer request. Sent when first wanted. */
final class MixedBatch {
    private static final int MOST_ITEMS = 50;

    private final int number;
    private final List<RequestCase> requests;
    private BatchAnswer answer;

    private MixedBatch(int number, List<RequestCase> requests) {
        this.number = number;
        this.requests = requests;
    }

    /** Puts requests into as few batches as possible, in their order. */
    static List<MixedBatch> of(List<RequestCase> requests) {
        List<MixedBatch> all = new ArrayList<>();
        Map<List<Object>, List<RequestCase>> open = new LinkedHashMap<>();
        for (RequestCase request : requests) {
            if (request.session() == SessionNeed.OWN) {
                all.add(new MixedBatch(all.size(), List.of(request)));
                continue;
            }
            List<Object> outer = List.of(request.outer(), request.session());
            List<RequestCase> batch = open.computeIfAbsent(outer, key -> new ArrayList<>());
            batch.add(request);
            if (batch.size() == MOST_ITEMS) {
                all.add(new MixedBatch(all.size(), List.copyOf(open.remove(outer))));
            }
        }
        for (List<RequestCase> batch : open.values()) {
            all.add(new MixedBatch(all.size(), List.copyOf(batch)));
        }
        return all;
    }

    List<RequestCase> requests() {
        return requests;
    }

    /** The id that a request has in this batch. */
    String idOf(RequestCase request) {
        return String.valueOf(requests.indexOf(request));
    }

    BatchAnswer answer(Laboratory laboratory, Field... outer) throws IOException {
        if (answer == null) {
            answer = laboratory.inOneBatch(requests, outer);
        }
        return answer;
    }

    BatchAnswer answerAsJob(Laboratory laboratory) throws IOException {
        if (answer == null) {
            answer = laboratory.inOneJob(requests);
        }
        return answer;
    }

    @Override
    public String toString() {
        return "batch " + number + ", " + requests.size() + " items";
    }
}
