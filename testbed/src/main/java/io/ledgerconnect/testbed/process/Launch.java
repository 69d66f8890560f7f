package io.ledgerconnect.testbed.process;

import java.util.List;
import java.util.Map;

/** How a server's process is started, asked to end, and known to be ready. Each is asked anew at every start. */
public interface Launch {

    /** The program and its arguments. It must stay the process that is started, not start another. */
    List<String> command();

    /** Environment variables beside the few that every server gets. */
    Map<String, String> environment();

    /** The signal that asks for a shutdown in good order. */
    String stopSignal();

    /** Whether the server serves now; {@code log} is what it has logged since this start. */
    boolean isReady(String log);
}
