-- What the sink connector needs in the reporting database. Run it as the owner of the database, with CREATEROLE:
--
--   psql -d reporting -v reporting_password=... -f reporting.sql
\set ON_ERROR_STOP on

-- The connector owns the tables that it creates and, as columns appear, extends.
CREATE ROLE reporting_writer LOGIN PASSWORD :'reporting_password';
-- Only a member may give the role something to own.
GRANT reporting_writer TO CURRENT_USER;
CREATE SCHEMA reporting AUTHORIZATION reporting_writer;
-- Applied positions, watermarks, quarantine, and the view "status".
CREATE SCHEMA ledger_connect AUTHORIZATION reporting_writer;

-- Whoever reads reports: GRANT reporting_reader TO ...
CREATE ROLE reporting_reader;
GRANT USAGE ON SCHEMA reporting, ledger_connect TO reporting_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE reporting_writer IN SCHEMA reporting, ledger_connect
    GRANT SELECT ON TABLES TO reporting_reader;
