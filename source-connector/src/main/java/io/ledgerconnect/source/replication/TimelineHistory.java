package io.ledgerconnect.source.replication;

import io.ledgerconnect.common.position.Lsn;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** Where the ancestors of a timeline end, from the history file that {@code TIMELINE_HISTORY} returns. */
public record TimelineHistory(Map<Integer, Long> ends) {
    private static final int FIRST_TIMELINE = 1;

    public static TimelineHistory read(Connection replication, int timeline) throws SQLException {
        if (timeline == FIRST_TIMELINE) {
            return new TimelineHistory(Map.of()); // it has no ancestors, and no history file
        }
        try (Statement statement = replication.createStatement();
                ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
            row.next();
            return parse(new String(row.getBytes("content"), StandardCharsets.UTF_8));
        }
    }

    /** Lines of: timeline, white space, WAL address at which the next one branched off, white space, reason. */
    static TimelineHistory parse(String content) {
        Map<Integer, Long> ends = new HashMap<>();
        for (String line : content.lines().toList()) {
            String[] fields = line.strip().split("\\s+", 3);
            if (fields.length >= 2 && !fields[0].startsWith("#")) {
                ends.put(Integer.parseInt(fields[0]), Lsn.parse(fields[1]));
            }
        }
        return new TimelineHistory(Map.copyOf(ends));
    }

    /** The WAL address up to which an ancestor is part of this history; 0 when it is no ancestor. */
    public long endOf(int ancestor) {
        return ends.getOrDefault(ancestor, 0L);
    }
}
