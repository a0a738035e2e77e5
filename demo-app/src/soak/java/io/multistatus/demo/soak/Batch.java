package io.multistatus.demo.soak;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Items with ids that no other batch has, and what their answers must be in each format. */
final class Batch {
    static final String JSON = "Content-Type: application/json\r\n";
    static final String LINES = "Accept: application/x-ndjson\r\n";
    static final String PARALLEL = "Prefer: execution=parallel\r\n";
    static final String MULTIPART = "Content-Type: multipart/mixed; boundary=b\r\n";

    private static final int MAX_ITEMS = 100;
    private static final Pattern PART = Pattern.compile(
            "Content-ID: <response-([^>]+)>\r\n\r\nHTTP/1\\.1 ([0-9]{3})[^\n]*\n(?:[^\r\n]+\r\n)*\r\n(.*)",
            Pattern.DOTALL);

    /** One answer of an envelope. */
    private record Entry(String id, int status, JsonNode body) {}

    private final List<String> ids;
    private final List<Item> items;

    Batch(RandomGenerator random, List<Item> items) {
        String prefix = Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX);
        this.items = items;
        this.ids =
                IntStream.range(0, items.size()).mapToObj(i -> prefix + "-" + i).toList();
    }

    /** 1 to 100 quick items, a few more often than many. */
    static Batch quick(RandomGenerator random) {
        double share = random.nextDouble();
        int size = 1 + (int) (MAX_ITEMS * share * share * share);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(Item.quick(random));
        }
        return new Batch(random, items);
    }

    int size() {
        return items.size();
    }

    byte[] json() {
        List<String> written = IntStream.range(0, size())
                .mapToObj(i -> "{\"id\": \"%s\", \"method\": \"GET\", \"url\": \"%s\"}"
                        .formatted(ids.get(i), items.get(i).url()))
                .toList();
        return ("{\"requests\": [" + String.join(",\n", written) + "]}").getBytes(UTF_8);
    }

    byte[] multipart() {
        StringBuilder written = new StringBuilder();
        for (int i = 0; i < size(); i++) {
            written.append("--b\r\nContent-Type: application/http\r\nContent-ID: <")
                    .append(ids.get(i))
                    .append(">\r\n\r\nGET ")
                    .append(items.get(i).url())
                    .append(" HTTP/1.1\r\n\r\n\r\n");
        }
        return written.append("--b--\r\n").toString().getBytes(UTF_8);
    }

    /** Counts the answers of an envelope; what is not as it must be is a fault of the server's. */
    void checkJson(Answer answer, Tally tally) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode each : answer.json().path("responses")) {
            entries.add(entry(each));
        }
        check(entries, true, answer, tally);
    }

    /** The same for lines, which come in any order, and in the end one that sums up. */
    void checkLines(Answer answer, Tally tally) throws IOException {
        List<Entry> entries = new ArrayList<>();
        JsonNode last = null;
        for (String line : answer.text().lines().toList()) {
            last = Answer.parse(line);
            if (last.has("id")) {
                entries.add(entry(last));
            }
        }
        if (last == null || last.at("/summary/total").asInt() != size()) {
            tally.wrong("a summary of " + size() + " items", answer);
        }
        check(entries, false, answer, tally);
    }

    void checkMultipart(Answer answer, Tally tally) throws IOException {
        String delimiter = "--" + answer.header("Content-Type").replaceAll(".*boundary=\"?([^\";]*)\"?.*", "$1");
        List<Entry> entries = new ArrayList<>();
        for (String part : answer.text().split(Pattern.quote(delimiter), -1)) {
            Matcher matcher = PART.matcher(part);
            if (matcher.find()) {
                entries.add(new Entry(
                        matcher.group(1), Integer.parseInt(matcher.group(2)), Answer.parse(matcher.group(3))));
            }
        }
        check(entries, true, answer, tally);
    }

    private static Entry entry(JsonNode item) {
        return new Entry(item.path("id").asText(), item.path("status").asInt(), item.path("body"));
    }

    private void check(List<Entry> entries, boolean inOrder, Answer answer, Tally tally) {
        List<String> answered = entries.stream().map(Entry::id).toList();
        boolean eachOnce = inOrder
                ? answered.equals(ids)
                : answered.size() == size() && Set.copyOf(answered).equals(Set.copyOf(ids));
        if (!eachOnce) {
            tally.wrong("an answer to each of " + ids, answer);
            return;
        }
        Map<String, Item> byId = new HashMap<>();
        IntStream.range(0, size()).forEach(i -> byId.put(ids.get(i), items.get(i)));
        Set<String> misfits = new HashSet<>();
        for (Entry entry : entries) {
            Item item = Objects.requireNonNull(byId.get(entry.id()));
            boolean right = item.expected().matches(entry.status(), entry.body());
            if (right || Item.isLate(entry.status(), entry.body())) {
                tally.item(entry.status(), !right);
            } else {
                misfits.add(item.url() + ": " + entry);
            }
        }
        if (!misfits.isEmpty()) {
            tally.wrong("other answers than " + misfits, answer);
        }
    }
}
