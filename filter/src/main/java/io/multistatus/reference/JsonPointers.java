package io.multistatus.reference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.multistatus.content.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values that JSON Pointers (RFC 6901) lead to, all in one walk over the text, without building a tree of it. Of
 * members with the same name the last counts, as it does for most who read JSON.
 */
final class JsonPointers {
    private final Node root = new Node();

    /** A part of a pointer that some pointers have in common. */
    private static final class Node {
        final Map<String, Node> children = new HashMap<>();
        final List<String> pointers = new ArrayList<>();
        /** Whether there is something in the text that its part of a pointer leads to. */
        boolean found;
        /** The children of which that is true. */
        final List<Node> foundChildren = new ArrayList<>(0);
    }

    private JsonPointers() {}

    /**
     * What each of {@code pointers} leads to; those that lead nowhere, or are no pointers, have no entry.
     *
     * @param json one JSON text in UTF-8
     */
    static Map<String, JsonSlice> find(Collection<String> pointers, byte[] json, int offset, int length) {
        JsonPointers all = new JsonPointers();
        pointers.forEach(all::add);
        Map<String, JsonSlice> found = new HashMap<>();
        try (JsonParser parser = StrictJson.bodyParser(json, offset, length)) {
            parser.nextToken();
            new Walk(parser, json, offset, found).visit(all.root);
        } catch (IOException e) {
            throw new UncheckedIOException("JSON that has been read once cannot be read again", e);
        }
        return found;
    }

    private void add(String pointer) {
        Node node = root;
        int begin = 1;
        int depth = 0;
        while (begin <= pointer.length()) {
            if (++depth > StrictJson.MAX_BODY_DEPTH) {
                return;
            }
            int slash = pointer.indexOf('/', begin);
            int end = slash < 0 ? pointer.length() : slash;
            String name = unescape(pointer.substring(begin, end));
            if (name == null) {
                return;
            }
            node = node.children.computeIfAbsent(name, unused -> new Node());
            begin = end + 1;
        }
        node.pointers.add(pointer);
    }

    /** RFC 6901, section 4; null if a tilde is followed by anything but 0 and 1. */
    private static @Nullable String unescape(String token) {
        for (int tilde = token.indexOf('~'); tilde >= 0; tilde = token.indexOf('~', tilde + 1)) {
            if (!token.startsWith("0", tilde + 1) && !token.startsWith("1", tilde + 1)) {
                return null;
            }
        }
        return token.replace("~1", "/").replace("~0", "~");
    }

    private static final class Walk {
        private final JsonParser parser;
        private final byte[] json;
        private final int offset;
        private final Map<String, JsonSlice> found;

        Walk(JsonParser parser, byte[] json, int offset, Map<String, JsonSlice> found) {
            this.parser = parser;
            this.json = json;
            this.offset = offset;
            this.found = found;
        }

        /** The parser stands at the first token of a value, and afterwards at its last. */
        void visit(Node node) throws IOException {
            int begin = offset + (int) parser.currentTokenLocation().getByteOffset();
            JsonToken token = parser.currentToken();
            if (node.children.isEmpty()) {
                parser.skipChildren();
            } else if (token == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    visitChild(node, node.children.get(name));
                }
            } else if (token == JsonToken.START_ARRAY) {
                int index = 0;
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    visitChild(node, node.children.get(Integer.toString(index)));
                    index++;
                }
            }
            parser.finishToken();
            int end = offset + (int) parser.currentLocation().getByteOffset();
            while (json[end - 1] >= 0 && json[end - 1] <= ' ') {
                // A number at the top ends only with what follows it.
                end--;
            }
            int valueEnd = end;
            node.pointers.forEach(pointer -> found.put(pointer, new JsonSlice(json, begin, valueEnd - begin)));
        }

        private void visitChild(Node parent, @Nullable Node child) throws IOException {
            if (child == null) {
                parser.skipChildren();
            } else {
                if (child.found) {
                    forget(child);
                } else {
                    child.found = true;
                    parent.foundChildren.add(child);
                }
                visit(child);
            }
        }

        /** What an earlier member of the same name had counts no more, nor does what was in it. */
        private void forget(Node node) {
            node.pointers.forEach(found::remove);
            for (Node child : node.foundChildren) {
                child.found = false;
                forget(child);
            }
            node.foundChildren.clear();
        }
    }
}
