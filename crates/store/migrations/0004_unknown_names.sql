-- What was tried, of late, with names that lead to nobody, in pools whose app clients do not tell so.

CREATE TABLE unknown_name (
    user_pool_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    version BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT unknown_name_pk PRIMARY KEY (user_pool_id, sub)
);

CREATE INDEX unknown_name_by_expires_at ON unknown_name (expires_at);
