package io.multistatus.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JsonPointersTest {

    private static Map<String, String> find(String json, String... pointers) {
        byte[] bytes = ("xx" + json + "yy").getBytes(StandardCharsets.UTF_8);
        Map<String, String> found = new TreeMap<>();
        JsonPointers.find(List.of(pointers), bytes, 2, bytes.length - 4)
                .forEach((pointer, slice) -> found.put(
                        pointer, new String(slice.bytes(), slice.offset(), slice.length(), StandardCharsets.UTF_8)));
        return found;
    }

    /** The examples of RFC 6901, section 5. */
    @Test
    void leadsWhereTheRfcSays() {
        String json = """
                {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\\\j": 5, "k\\"l": 6, " ": 7,
                 "m~n": 8}""";

        assertThat(find(
                        json, "", "/foo", "/foo/0", "/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", "/k\"l", "/ ",
                        "/m~0n"))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("", json),
                        Map.entry("/foo", "[\"bar\", \"baz\"]"),
                        Map.entry("/foo/0", "\"bar\""),
                        Map.entry("/", "0"),
                        Map.entry("/a~1b", "1"),
                        Map.entry("/c%d", "2"),
                        Map.entry("/e^f", "3"),
                        Map.entry("/g|h", "4"),
                        Map.entry("/i\\j", "5"),
                        Map.entry("/k\"l", "6"),
                        Map.entry("/ ", "7"),
                        Map.entry("/m~0n", "8")));
    }

    @Test
    void keepsValuesOfAllTypesAsTheyAreWritten() {
        assertThat(find(
                        "[-1.50e+3 , true,null,{ \"a\" : [ ] }, \"\\u00e9\u00e9\",0]",
                        "/0",
                        "/1",
                        "/2",
                        "/3",
                        "/3/a",
                        "/4",
                        "/5"))
                .containsEntry("/0", "-1.50e+3")
                .containsEntry("/1", "true")
                .containsEntry("/2", "null")
                .containsEntry("/3", "{ \"a\" : [ ] }")
                .containsEntry("/3/a", "[ ]")
                .containsEntry("/4", "\"\\u00e9\u00e9\"")
                .containsEntry("/5", "0");
        assertThat(find(" 12 ", "")).containsEntry("", "12");
        assertThat(find("\n\"x\"\n", "")).containsEntry("", "\"x\"");
    }

    @Test
    void takesTheLastOfMembersWithTheSameName() {
        String json = "{\"a\": {\"b\": 1, \"c\": 2}, \"a\": {\"b\": 3}, \"d\": 4, \"a\": {\"b\": 5}}";

        assertThat(find(json, "/a", "/a/b", "/a/c", "/d"))
                .containsExactly(Map.entry("/a", "{\"b\": 5}"), Map.entry("/a/b", "5"), Map.entry("/d", "4"));
    }

    @Test
    void aPointerCanBeLongerThanAnyJsonIsDeep() {
        assertThat(find("[[0]]", "/0".repeat(1_000_000), "/0/0")).containsOnlyKeys("/0/0");
        String deep = "[".repeat(900) + "1" + "]".repeat(900);
        assertThat(find(deep, "/0".repeat(900))).containsValue("1");
    }

    @Test
    void whatIsNoPointerLeadsNowhere() {
        assertThat(find("{\"a~\": 1, \"a~2\": 2}", "/a~", "/a~2")).isEmpty();
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyMembersOfTheSameNameTakeNoTimeForAllThatIsLookedForInThem() {
        String[] pointers = IntStream.range(0, 300_000).mapToObj(i -> "/x/" + i).toArray(String[]::new);

        assertThat(find("{" + "\"x\":[1,2],".repeat(300_000) + "\"x\":[7]}", pointers))
                .containsExactly(Map.entry("/x/0", "7"));
    }
}
