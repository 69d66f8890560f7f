package io.ledgerconnect.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/** What a command answered. */
public record Call(int status, String out, String err) {

    /** Runs it with these variables as its whole environment. */
    public static Call of(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = LedgerConnect.commandLine(environment::get)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        int status = commandLine.execute(arguments);
        commandLine.getOut().flush();
        commandLine.getErr().flush();
        return new Call(status, out.toString(), err.toString());
    }

    public JsonNode json() {
        try {
            return new ObjectMapper().readTree(out);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + out + err, e);
        }
    }
}
