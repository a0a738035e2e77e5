package io.multistatus.format.multipart;

import static io.multistatus.format.multipart.Multiparts.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.model.Batch;
import io.multistatus.model.BatchException;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients write Content-IDs in UTF-8 or in Latin-1. Regression: of one in UTF-8 a byte could be taken for a control, and the batch
 * was refused.
 */
class ContentIdCharsetTest {
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00c0", "<\u00c0>", "\u2116 5", "<caf\u00e9-\ud83d\ude00>", "\u041f", "plain", "<plain>"})
    void anIdInUtf8IsReadAndComesBackByteForByte(String written) throws Exception {
        Batch batch = read("--b", "Content-ID: " + bytes(written), "", "GET /x", "--b--");

        ItemId id = Objects.requireNonNull(batch.items().get(0).id());
        assertThat(id.text()).isEqualTo(written.replaceAll("[<>]", ""));
        assertThat(ContentIds.of(id, "")).hasValue(bytes(written));
        assertThat(ContentIds.of(id, "response-"))
                .hasValue(bytes(written.startsWith("<") ? "<response-" + written.substring(1) : "response-" + written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"caf\u00e9", "<\u00c0>", "\u00ff\u00fe"})
    void anIdInLatin1ComesBackByteForByte(String written) throws Exception {
        Batch batch = read("--b", "Content-ID: " + written, "", "GET /x", "--b--");

        ItemId id = Objects.requireNonNull(batch.items().get(0).id());
        assertThat(id.text()).isEqualTo(written.replaceAll("[<>]", ""));
        assertThat(ContentIds.of(id, "")).hasValue(written);
    }

    @Test
    void aUrlRefersToItInTheSameCharset() throws Exception {
        Batch batch = read(
                "--b",
                "Content-ID: <" + bytes("\u00c0") + ">",
                "",
                "POST /x",
                "--b",
                "",
                "GET $" + bytes("\u00c0") + "/y",
                "--b--");

        Subrequest second = batch.items().get(1);
        assertThat(second.url()).isEqualTo("$\u00c0/y");
        assertThat(second.dependsOn()).containsExactly("\u00c0");
    }

    @Test
    void aControlIsNoneTheLess() {
        assertThatThrownBy(() -> read("--b", "Content-ID: a" + bytes("\u0085"), "", "GET /x", "--b--"))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("control");
    }
}
