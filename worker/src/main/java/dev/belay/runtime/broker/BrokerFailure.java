package dev.belay.runtime.broker;

/// The embedded broker could not be started. The message names the thing, the value and what to do next.
public final class BrokerFailure extends RuntimeException {
    /// The address the broker was told to listen on is taken.
    public static final String PORT_BUSY = "PORT_BUSY";

    /// The broker's process ended, or was not ready in time.
    public static final String BROKER_START_FAILED = "BROKER_START_FAILED";

    /// Another broker is running in the folder.
    public static final String DATA_FOLDER_IN_USE = "DATA_FOLDER_IN_USE";

    /// The broker's folder cannot be written.
    public static final String STORE_READ_ONLY = "STORE_READ_ONLY";

    private static final long serialVersionUID = 1L;

    private final String code;

    BrokerFailure(String code, String message) {
        super(message);
        this.code = code;
    }

    BrokerFailure(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /// One of the constants of this class.
    public String code() {
        return code;
    }
}
