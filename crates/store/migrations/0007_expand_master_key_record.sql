-- By what a database knows its master keys: one row, made by the first server that is started on it.

CREATE TABLE master_key_record (
    master_key_record_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT master_key_record_pk PRIMARY KEY (master_key_record_id),
    CONSTRAINT master_key_record_one_check CHECK (master_key_record_id = 1)
);
