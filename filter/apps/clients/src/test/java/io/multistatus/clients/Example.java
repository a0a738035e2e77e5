package io.multistatus.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program that stands in the page about clients, below a heading of its own. */
record Example(String heading, String code) {
    private static final long SECONDS = 120;

    /** That below {@code heading}; the code is the first that follows. */
    static Example of(Path page, String heading) throws IOException {
        Matcher found = Pattern.compile(
                        "^### " + Pattern.quote(heading) + "\n(?:(?!#|```).*\n)*```\\w+\n((?:(?!```).*\n)*)```$",
                        Pattern.MULTILINE)
                .matcher(Files.readString(page));
        assertThat(found.find()).as("the code below '" + heading + "'").isTrue();
        return new Example(heading, found.group(1));
    }

    /** With {@code replacement} in the place of what has to be there. */
    Example with(String text, String replacement) {
        assertThat(code).as(heading).contains(text);
        return new Example(heading, code.replace(text, replacement));
    }

    /**
     * Runs it to its end, and fails unless that is a good one.
     *
     * @param folder where it and what it prints go
     * @param command of which the last is the name of its file
     * @return the lines that it has printed
     */
    List<String> run(Path folder, List<String> command) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(command.get(command.size() - 1)), code);
        Path output = folder.resolve("output.txt");
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as(heading + " has ended")
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        assertThat(process.exitValue())
                .as(heading + ": " + Files.readString(errors))
                .isZero();
        return Files.readAllLines(output);
    }
}
