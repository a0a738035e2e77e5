package io.multistatus.job;

import io.multistatus.model.Batch;
import java.io.ByteArrayOutputStream;
import java.io.StreamCorruptedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The table of what is long: batches, and answers to their items. In parts, since a column may not hold as much as an answer may
 * be long (1 MiB in H2).
 */
final class ContentTable {
    /** Where the batch is, as if it were the answer to an item of this index. */
    private static final int BATCH = -1;

    private static final int PART_BYTES = 512 * 1024;
    /** How much is sent to the database at once. */
    private static final int SENT_BYTES = 4 * 1024 * 1024;

    private static final int SENT_ROWS = 500;
    private static final int FETCHED_ROWS = 50;

    private final String insert;
    private final String select;
    private final String known;

    /**
     * @param table its name
     * @param jobs the name of the table of jobs
     * @param now the database's time
     */
    ContentTable(String table, String jobs, String now) {
        insert = "insert into " + table + " (job_id, item, part, content) values (?, ?, ?, ?)";
        select = "select c.item, c.part, c.content from " + table + " c join " + jobs + " j on j.id = c.job_id"
                + " where j.id = ? and j.expires_at > " + now + " order by c.item, c.part";
        known = "select item from " + table + " where job_id = ? and part = 0 and item between ? and ?";
    }

    static String ddl(String table, String jobs) {
        return """
                create table if not exists %s (
                  job_id varchar(32) not null references %s (id) on delete cascade,
                  item integer not null,
                  part integer not null,
                  content bytea not null,
                  primary key (job_id, item, part)
                )""".formatted(table, jobs);
    }

    void insertBatch(Job job, Connection connection) throws SQLException {
        try (Rows rows = new Rows(job.id(), connection)) {
            rows.add(BATCH, JobCodec.encode(job.batch()));
            rows.send();
        }
    }

    /** Inserts answers to items that have none. */
    void insert(JobId id, List<JobAnswer> answers, Connection connection) throws SQLException {
        try (Rows rows = new Rows(id, connection)) {
            for (JobAnswer answer : answers) {
                rows.add(answer.item(), JobCodec.encode(answer));
            }
            rows.send();
        }
    }

    /** Which of the items from {@code first} to {@code last} have an answer. */
    Set<Integer> known(JobId id, int first, int last, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(known)) {
            statement.setString(1, id.text());
            statement.setInt(2, first);
            statement.setInt(3, last);
            Set<Integer> items = new HashSet<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    items.add(found.getInt(1));
                }
            }
            return items;
        }
    }

    /** All there is of a job; the connection should have a transaction, for PostgreSQL not to give it in one piece. */
    Optional<JobContent> select(JobId id, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setFetchSize(FETCHED_ROWS);
            statement.setString(1, id.text());
            try (ResultSet found = statement.executeQuery()) {
                return read(found);
            } catch (StreamCorruptedException e) {
                throw new SQLDataException("what is stored of job " + id + " is not what was written", e);
            }
        }
    }

    private static Optional<JobContent> read(ResultSet found) throws SQLException, StreamCorruptedException {
        Batch batch = null;
        Map<Integer, JobAnswer> answers = new HashMap<>();
        boolean more = found.next();
        while (more) {
            int item = found.getInt(1);
            byte[] bytes = found.getBytes(3);
            more = found.next();
            if (more && found.getInt(1) == item) {
                ByteArrayOutputStream parts = new ByteArrayOutputStream(2 * PART_BYTES);
                parts.writeBytes(bytes);
                for (; more && found.getInt(1) == item; more = found.next()) {
                    parts.writeBytes(found.getBytes(3));
                }
                bytes = parts.toByteArray();
            }
            if (item == BATCH) {
                batch = JobCodec.decodeBatch(bytes);
            } else {
                answers.put(item, JobCodec.decodeAnswer(item, bytes));
            }
        }
        return batch == null ? Optional.empty() : Optional.of(new JobContent(batch, answers));
    }

    /** Rows on their way to the table. */
    private final class Rows implements AutoCloseable {
        private final PreparedStatement statement;
        private final JobId id;
        private int rows;
        private long bytes;

        Rows(JobId id, Connection connection) throws SQLException {
            this.id = id;
            statement = connection.prepareStatement(insert);
        }

        void add(int item, byte[] content) throws SQLException {
            int part = 0;
            for (int from = 0; from < content.length; from += PART_BYTES) {
                int to = Math.min(content.length, from + PART_BYTES);
                statement.setString(1, id.text());
                statement.setInt(2, item);
                statement.setInt(3, part++);
                statement.setBytes(4, to - from == content.length ? content : Arrays.copyOfRange(content, from, to));
                statement.addBatch();
                rows++;
                bytes += to - from;
                if (rows >= SENT_ROWS || bytes >= SENT_BYTES) {
                    send();
                }
            }
        }

        void send() throws SQLException {
            if (rows > 0) {
                statement.executeBatch();
                rows = 0;
                bytes = 0;
            }
        }

        @Override
        public void close() throws SQLException {
            statement.close();
        }
    }
}
