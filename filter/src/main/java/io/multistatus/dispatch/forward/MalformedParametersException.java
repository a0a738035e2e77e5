package io.multistatus.dispatch.forward;

/** The parameters of an item cannot be decoded. Thrown through the handler that has asked for them. */
final class MalformedParametersException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    MalformedParametersException(String where, Throwable cause) {
        super("The " + where + " is not encoded as a form is", cause);
    }
}
