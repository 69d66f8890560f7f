package io.ledgerconnect.testbed.pipeline;

/** A pipeline cannot be built, or a connector of it has failed; the message says which part and why. */
public final class PipelineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PipelineException(String message) {
        super(message);
    }

    PipelineException(String message, Throwable cause) {
        super(message, cause);
    }
}
