package io.ledgerconnect.cli.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.ExitStatus;
import io.ledgerconnect.cli.audit.AuditResult.Verdict;
import io.ledgerconnect.cli.connection.ConnectorSettings;
import io.ledgerconnect.cli.connection.Environment;
import io.ledgerconnect.cli.connection.LedgerOptions;
import io.ledgerconnect.cli.connection.Store;
import io.ledgerconnect.cli.connection.StoreOptions;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sends again what an audit finds different, through the pipeline. */
@Command(
        name = "repair",
        description = {
            "Audits, lets the source connector send the rows again that differ, and audits these tables once more. It"
                    + " writes nothing by itself: rows come as they are in the ledger, through the topics.",
            "Exit status: 0 equal, 1 still different, or --dry-run has something to repair, 2 not understood or not"
                    + " reachable, 3 undecided."
        },
        mixinStandardHelpOptions = true)
public final class RepairCommand implements Callable<Integer> {
    /** A request is one configuration of a connector, which is one record of a topic. */
    private static final int ROWS_OF_A_REQUEST = 5_000;

    /** The connector remembers the names of 64 requests that are over. */
    private static final int MOST_REQUESTS = 20;

    private final Environment environment;

    @Mixin
    private StoreOptions storeOptions;

    @Mixin
    private LedgerOptions ledgerOptions;

    @Mixin
    private AuditOptions options;

    @Option(names = "--dry-run", description = "Says what would be sent again, and sends nothing.")
    private boolean dryRun;

    @Option(names = "--quiet", description = "Says nothing of the progress.")
    private boolean quiet;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    public RepairCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws SQLException, InterruptedException {
        Store store = storeOptions.resolve(environment);
        LedgerOptions.Ledger ledger = ledgerOptions.resolve(environment, storeOptions.rest());
        ConnectorSettings source = ledger.connector()
                .orElseThrow(() -> new CommandException(
                        "Which source connector sends the rows again? Give --connect and --source-connector."));
        AuditProgress progress = new AuditProgress(spec.commandLine().getErr(), quiet || json);
        Audit audit = options.audit(environment, ledger, store, storeOptions::connectorState, progress);
        AuditResult result = audit.run(options.tables());
        RepairPlan plan = RepairPlan.of(result);
        if (dryRun || plan.isEmpty()) {
            return tell(result, plan, Map.of());
        }
        return repair(audit, result, plan, source.connector());
    }

    private int repair(Audit audit, AuditResult first, RepairPlan found, String connector)
            throws SQLException, InterruptedException {
        AuditResult result = first;
        RepairPlan plan = found;
        Map<String, Integer> sent = new LinkedHashMap<>();
        Set<Object> tried = new HashSet<>();
        Resending source = new Resending(storeOptions.rest().orElseThrow(), connector, options.timeout());
        String name = "repair " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ' ';
        int requests = 0;
        try {
            while (!plan.isEmpty() && tried.add(plan.rows()) && requests < MOST_REQUESTS) {
                report(plan);
                for (RepairPlan.Part part : plan.parts(ROWS_OF_A_REQUEST)) {
                    source.send(name + ++requests, part);
                }
                plan.rows().forEach((table, keys) -> sent.merge(table.name(), keys.size(), Integer::sum));
                result = audit.run(tables(first));
                plan = RepairPlan.of(result);
            }
        } finally {
            source.restore();
        }
        return tell(result, plan, sent);
    }

    /** Those of the first audit in which something was wrong. */
    private static Pattern tables(AuditResult first) {
        List<String> names = new ArrayList<>(first.absent());
        first.tables().stream()
                .filter(table -> !table.isEqual())
                .forEach(table -> names.add(table.table().name()));
        return Pattern.compile(names.stream().map(Pattern::quote).collect(Collectors.joining("|")));
    }

    private void report(RepairPlan plan) {
        if (!quiet && !json) {
            PrintWriter err = spec.commandLine().getErr();
            plan.describe().forEach(err::println);
            err.println("asking the source connector for " + plan.count() + " rows ...");
            err.flush();
        }
    }

    private int tell(AuditResult result, RepairPlan plan, Map<String, Integer> sent) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            ObjectNode again = node.putObject("sent_again");
            sent.forEach(again::put);
            ObjectNode left = node.putObject("to_be_sent_again");
            plan.rows().forEach((table, keys) -> left.put(table.name(), keys.size()));
            plan.beyond().forEach(node.withArrayProperty("beyond_repair")::add);
            node.set("audit", AuditJson.of(result, options.showsValues()));
            out.println(node.toPrettyString());
        } else {
            AuditText.print(result, out);
            sent.forEach((table, rows) -> out.println(table + ": " + rows + " rows were sent again."));
            plan.describe().forEach(out::println);
        }
        return result.verdict() == Verdict.EQUAL
                ? ExitStatus.OK
                : result.verdict() == Verdict.DIFFERENT ? ExitStatus.NOT_SO : ExitStatus.STOPPED;
    }
}
