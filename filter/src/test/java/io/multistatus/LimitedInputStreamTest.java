package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multistatus.execution.BatchBudget;
import io.multistatus.execution.BufferBudget;
import io.multistatus.format.LimitExceededException;
import io.multistatus.model.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LimitedInputStreamTest {
    private final BufferBudget filter = new BufferBudget(1000);
    private final BatchBudget batch = new BatchBudget(filter, 1000);

    /** All the ways to get through a stream. */
    enum Way {
        ONE_BY_ONE {
            @Override
            void through(InputStream in) throws IOException {
                while (in.read() >= 0) {}
            }
        },
        IN_CHUNKS {
            @Override
            void through(InputStream in) throws IOException {
                byte[] chunk = new byte[7];
                while (in.read(chunk, 1, 5) >= 0) {}
            }
        },
        ALL_AT_ONCE {
            @Override
            void through(InputStream in) throws IOException {
                in.readAllBytes();
            }
        },
        TRANSFER {
            @Override
            void through(InputStream in) throws IOException {
                in.transferTo(OutputStream.nullOutputStream());
            }
        },
        SKIP {
            @Override
            void through(InputStream in) throws IOException {
                while (in.skip(9) > 0) {}
            }
        };

        abstract void through(InputStream in) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void aBodyOfJustTheLimitIsReadAndPaidFor(Way way) throws IOException {
        way.through(body(100, 100));
        assertThat(filter.heldBytes()).isEqualTo(100);
        batch.close();
        assertThat(filter.heldBytes()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aByteMoreIsTooLong(Way way) {
        Problem problem = refusal(way, body(101, 100));
        assertThat(problem.status()).isEqualTo(413);
        assertThat(problem.name()).isEqualTo("batch-too-large");
        assertThat(problem.detail()).contains("longer than 100 bytes (maxBatchBytes)");
        assertThat(problem.members()).containsEntry("limit", 100L);
    }

    @ParameterizedTest
    @EnumSource
    void whereThereIsNoRoomTheClientIsToComeBack(Way way) {
        BatchBudget other = new BatchBudget(filter, 1000);
        other.tryReserveRequest(950);
        Problem problem = refusal(way, body(51, 100));
        assertThat(problem.status()).isEqualTo(503);
        assertThat(problem.detail()).contains("maxBufferedBytes");
        batch.close();
        assertThat(filter.heldBytes()).isEqualTo(950);
    }

    @Test
    void anEndlessBodyIsReadNoFurtherThanAChunkPastTheLimit() {
        int[] read = {0};
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                read[0]++;
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                read[0] += length;
                return length;
            }
        };
        refusal(Way.IN_CHUNKS, new LimitedInputStream(endless, 100, batch));
        assertThat(read[0]).isLessThanOrEqualTo(105);
    }

    @Test
    void theBytesAreThoseOfTheBody() throws IOException {
        byte[] bytes = {1, 2, (byte) 0xff, 0};
        assertThat(new LimitedInputStream(new ByteArrayInputStream(bytes), 4, batch).readAllBytes())
                .isEqualTo(bytes);
    }

    @Test
    void anEmptyBodyCostsNothing() throws IOException {
        assertThat(body(0, 1).read()).isEqualTo(-1);
        assertThat(filter.heldBytes()).isZero();
    }

    @Test
    void thereIsNoWayBack() {
        assertThat(body(1, 1).markSupported()).isFalse();
    }

    private InputStream body(int length, long maxBytes) {
        return new LimitedInputStream(new ByteArrayInputStream(new byte[length]), maxBytes, batch);
    }

    private static Problem refusal(Way way, InputStream body) {
        LimitExceededException refusal = catchThrowableOfType(LimitExceededException.class, () -> way.through(body));
        assertThat(refusal).isNotNull();
        return refusal.asBatchException().problem();
    }
}
