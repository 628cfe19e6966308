-- What the pages of a pool look like: for one app client, or (with an empty app_client_id) for all.

CREATE TABLE branding (
    user_pool_id TEXT NOT NULL,
    app_client_id TEXT NOT NULL,
    managed_login_branding_id TEXT,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT branding_pk PRIMARY KEY (user_pool_id, app_client_id),
    CONSTRAINT branding_user_pool_fk FOREIGN KEY (user_pool_id) REFERENCES user_pool (user_pool_id)
);

CREATE INDEX branding_by_managed_login_branding ON branding (user_pool_id, managed_login_branding_id);
