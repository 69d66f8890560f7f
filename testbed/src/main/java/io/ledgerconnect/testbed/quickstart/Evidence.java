package io.ledgerconnect.testbed.quickstart;

import io.ledgerconnect.cli.LedgerConnect;
import io.ledgerconnect.testbed.pipeline.Connectors;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/**
 * The audit that {@code ledger-connect} does of any pipeline, and the page that it writes.
 *
 * @param isEqual whether it found both sides equal
 * @param said its last line
 * @param page where the page is
 */
record Evidence(boolean isEqual, String said, Path page) {
    private static final String PAGE = "quickstart-audit.html";

    /** Runs it as an operator would, with the environment of the pipeline's workers. */
    static Evidence of(Pipeline pipeline, Path projectRoot) {
        Path page = projectRoot.resolve("target").resolve(PAGE);
        try {
            Files.createDirectories(page.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        StringWriter said = new StringWriter();
        CommandLine command = LedgerConnect.commandLine(pipeline.workerSpec().environment()::get)
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true));
        int status = command.execute(
                "audit",
                "--connect",
                pipeline.workers().get(0).restUrl().toString(),
                "--connector",
                Connectors.SINK,
                "--source-connector",
                Connectors.SOURCE,
                "--sums",
                "public\\.(accounts\\.balance|transfers\\.(amount|fee)|entries\\.amount)",
                "--html",
                page.toString(),
                "--quiet");
        return new Evidence(
                status == CommandLine.ExitCode.OK, said.toString().strip().replaceFirst("(?s)^.*\n", ""), page);
    }
}
