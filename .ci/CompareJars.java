import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Compares jars byte for byte, and tells which entries differ: java CompareJars.java A B [A B]... */
final class CompareJars {
    private CompareJars() {}

    public static void main(String[] jars) throws IOException {
        int different = 0;
        for (int i = 0; i < jars.length; i += 2) {
            Path first = Path.of(jars[i]);
            Path second = Path.of(jars[i + 1]);
            if (Files.mismatch(first, second) >= 0) {
                different++;
                System.err.println("Two builds differ: " + first.getFileName());
                tell(entries(first), entries(second));
            }
        }
        if (different > 0) {
            System.exit(1);
        }
        System.out.println("Reproducible: " + jars.length / 2 + " jars are the same, byte for byte, in two builds.");
    }

    private static void tell(Map<String, String> first, Map<String, String> second) {
        TreeSet<String> names = new TreeSet<>(first.keySet());
        names.addAll(second.keySet());
        names.removeIf(name -> Objects.equals(first.get(name), second.get(name)));
        names.forEach(name -> System.err.println("  " + name + ": " + first.get(name) + ", then " + second.get(name)));
        if (names.isEmpty()) {
            System.err.println("  the same entries, in another order or packed otherwise");
        }
    }

    /** By name: time, size and checksum. */
    private static Map<String, String> entries(Path jar) throws IOException {
        Map<String, String> entries = new TreeMap<>();
        try (ZipInputStream in = new ZipInputStream(new BufferedInputStream(Files.newInputStream(jar)))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), "of " + entry.getLastModifiedTime() + ", " + content(in));
            }
        }
        return entries;
    }

    private static String content(InputStream in) throws IOException {
        byte[] bytes = in.readAllBytes();
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        return "%d bytes, CRC %08x".formatted(bytes.length, checksum.getValue());
    }
}
