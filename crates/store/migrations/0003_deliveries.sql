-- Messages that were accepted and wait for their carrier; the document holds the message sealed.

CREATE TABLE delivery (
    delivery_id TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT delivery_pk PRIMARY KEY (delivery_id)
);

CREATE INDEX delivery_by_due_at ON delivery (due_at);
