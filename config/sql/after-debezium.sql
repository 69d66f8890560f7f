-- Moves a slot that Debezium has read behind the last transaction that it has sent, so that the source connector begins
-- with the next one. Run it in the ledger, as a role with REPLICATION, while no connector uses the slot:
--
--   psql -d ledger -v slot=debezium -v publication=dbz_publication -v txid=... -v lsn=... -f after-debezium.sql
--
-- txid and lsn are those of Debezium's stored offset: GET /connectors/NAME/offsets. It prints what it has done.
WITH last_sent AS (
    SELECT lsn > '0/0'::pg_lsn + :lsn::numeric AND get_byte(data, 0) IN (68, 73, 84, 85) AS missing,
        CASE get_byte(data, 0) WHEN 67
            THEN '0/0'::pg_lsn + ('x' || encode(substr(data, 11, 8), 'hex'))::bit(64)::bigint::numeric
        END AS end_lsn
    FROM pg_logical_slot_peek_binary_changes(
        :'slot', NULL, NULL, 'proto_version', '1', 'publication_names', :'publication')
    WHERE xid::text = :'txid'
)
SELECT CASE
    WHEN count(*) = 0 THEN 'The slot is behind this transaction already.'
    WHEN bool_or(missing) THEN 'Debezium has sent a part of this transaction only: resume it, and stop it between two.'
    ELSE 'The slot was moved to ' || (pg_replication_slot_advance(:'slot', max(end_lsn))).end_lsn || '.'
END
FROM last_sent;
