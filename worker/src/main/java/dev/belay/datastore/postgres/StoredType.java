package dev.belay.datastore.postgres;

/// The types of PostgreSQL that columns are kept in.
enum StoredType {
    BOOLEAN("boolean"),
    BIGINT("bigint"),
    NUMERIC("numeric"),
    DOUBLE("double precision"),
    DATE("date"),
    TIME("time"),
    TIMESTAMP("timestamp"),
    TIMESTAMPTZ("timestamptz"),
    UUID("uuid"),
    JSON("json"),
    /// CKAN's own type for JSON: `(json json, extra text)`.
    NESTED("public.nested"),
    TEXT("text");

    private final String sql;

    StoredType(String sql) {
        this.sql = sql;
    }

    String sql() {
        return sql;
    }
}
