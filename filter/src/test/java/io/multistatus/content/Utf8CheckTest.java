package io.multistatus.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8CheckTest {

    /** Where the table of RFC 3629 changes its mind about bytes after the second. */
    private static final int[] EDGES = {0x7f, 0x80, 0xbf, 0xc0};

    @Test
    void everySequenceOfTwoBytesIsJudgedAsByTheJdk() {
        for (int first = 0; first <= 0xff; first++) {
            assertSame(new byte[] {(byte) first});
            for (int second = 0x70; second <= 0xff; second++) {
                assertSame(new byte[] {(byte) first, (byte) second});
            }
        }
    }

    @Test
    void longerSequencesAreJudgedAsByTheJdk() {
        for (int first = 0xdf; first <= 0xff; first++) {
            for (int second = 0x7f; second <= 0xc0; second++) {
                for (int third : EDGES) {
                    assertSame(new byte[] {(byte) first, (byte) second, (byte) third});
                    for (int fourth : EDGES) {
                        assertSame(new byte[] {(byte) first, (byte) second, (byte) third, (byte) fourth});
                    }
                }
            }
        }
    }

    @Test
    void piecesAreJudgedAsTheWhole() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = "a\u00e4\u20ac\ud83d\ude00\uffff".getBytes(StandardCharsets.UTF_8);
            if (random.nextBoolean()) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
            int cut = random.nextInt(bytes.length);
            Utf8Check check = new Utf8Check();
            boolean valid = check.findFault(bytes, 0, cut) < 0
                    && check.findFault(bytes, cut, bytes.length - cut) < 0
                    && check.atBoundary();
            assertThat(valid).as(Arrays.toString(bytes)).isEqualTo(decodes(bytes));
        }
    }

    private static void assertSame(byte[] bytes) {
        if (Utf8Check.isUtf8(bytes, 0, bytes.length) != decodes(bytes)) {
            throw new AssertionError("judged wrong: " + Arrays.toString(bytes));
        }
    }

    private static boolean decodes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
