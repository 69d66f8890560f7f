package io.ledgerconnect.testbed.quickstart;

import java.lang.reflect.Proxy;

/**
 * Ctrl-C and the polite form of {@code kill}. The first one during the show ends it with an audit; any other ends the
 * program at once, and the testbed removes what is left.
 *
 * <p>A shutdown hook cannot do this: the testbed has one too, they run at the same time, and the audit needs its
 * servers.
 */
final class Interrupts {
    private static final int ENDED_BY_INTERRUPT = 130;

    private Runnable onFirst;

    /** Takes over the signals. Where the JVM does not let it, they end the program at once. */
    static Interrupts install() {
        Interrupts interrupts = new Interrupts();
        try {
            interrupts.handle("INT");
            interrupts.handle("TERM");
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // Not every JVM has sun.misc.Signal, and one started with -Xrs refuses.
        }
        return interrupts;
    }

    /** What the next signal does, instead of ending the program. */
    synchronized void onFirst(Runnable action) {
        onFirst = action;
    }

    private synchronized Runnable takeFirst() {
        Runnable action = onFirst;
        onFirst = null;
        return action;
    }

    private void raised() {
        Runnable action = takeFirst();
        if (action == null) {
            System.exit(ENDED_BY_INTERRUPT);
        }
        action.run();
    }

    /** By reflection, because the compiler warns of every use of this class, and nothing else in the JDK does it. */
    private void handle(String signalName) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object raised = Proxy.newProxyInstance(
                Interrupts.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                    if (method.getName().equals("handle")) {
                        raised();
                    }
                    return null;
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(signalName), raised);
    }
}
