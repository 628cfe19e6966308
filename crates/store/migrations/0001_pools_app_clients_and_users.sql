-- Pools, their app clients and their users.
--
-- A record is kept whole as JSON in its column document; beside it stand only the columns by which it is found.
-- All text is compared byte by byte in UTF-8, which is the order of code points.

CREATE TABLE user_pool (
    user_pool_id TEXT NOT NULL,
    name_case TEXT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT user_pool_pk PRIMARY KEY (user_pool_id),
    CONSTRAINT user_pool_name_case_check CHECK (name_case IN ('sensitive', 'insensitive'))
);

CREATE TABLE app_client (
    app_client_id TEXT NOT NULL,
    user_pool_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT app_client_pk PRIMARY KEY (app_client_id),
    CONSTRAINT app_client_user_pool_fk FOREIGN KEY (user_pool_id) REFERENCES user_pool (user_pool_id)
);

CREATE INDEX app_client_by_user_pool ON app_client (user_pool_id, app_client_id);

-- user_name to enabled are what listings filter by: normalised, cut to a length that every index can hold, and null
-- where the user has no such attribute.
CREATE TABLE pool_user (
    user_pool_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    version BIGINT NOT NULL,
    user_name TEXT NOT NULL,
    email TEXT,
    phone_number TEXT,
    full_name TEXT,
    given_name TEXT,
    family_name TEXT,
    preferred_username TEXT,
    user_status TEXT NOT NULL,
    enabled TEXT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT pool_user_pk PRIMARY KEY (user_pool_id, sub),
    CONSTRAINT pool_user_user_pool_fk FOREIGN KEY (user_pool_id) REFERENCES user_pool (user_pool_id)
);

CREATE INDEX pool_user_by_user_name ON pool_user (user_pool_id, user_name, sub);
CREATE INDEX pool_user_by_email ON pool_user (user_pool_id, email, sub) WHERE email IS NOT NULL;
CREATE INDEX pool_user_by_phone_number ON pool_user (user_pool_id, phone_number, sub) WHERE phone_number IS NOT NULL;
CREATE INDEX pool_user_by_full_name ON pool_user (user_pool_id, full_name, sub) WHERE full_name IS NOT NULL;
CREATE INDEX pool_user_by_given_name ON pool_user (user_pool_id, given_name, sub) WHERE given_name IS NOT NULL;
CREATE INDEX pool_user_by_family_name ON pool_user (user_pool_id, family_name, sub) WHERE family_name IS NOT NULL;
CREATE INDEX pool_user_by_preferred_username ON pool_user (user_pool_id, preferred_username, sub)
    WHERE preferred_username IS NOT NULL;
CREATE INDEX pool_user_by_user_status ON pool_user (user_pool_id, user_status, sub);
CREATE INDEX pool_user_by_enabled ON pool_user (user_pool_id, enabled, sub);

-- Every name that signs a user in: the user name and the active aliases, in the form in which names are compared.
CREATE TABLE login (
    user_pool_id TEXT NOT NULL,
    login_key TEXT NOT NULL,
    sub TEXT NOT NULL,
    CONSTRAINT login_pk PRIMARY KEY (user_pool_id, login_key),
    CONSTRAINT login_pool_user_fk FOREIGN KEY (user_pool_id, sub) REFERENCES pool_user (user_pool_id, sub)
);

CREATE INDEX login_by_sub ON login (user_pool_id, sub);

-- How many users a pool has: the sum over its shards. A user's sub picks the shard, so that writers on different nodes
-- seldom wait for one another.
CREATE TABLE user_count (
    user_pool_id TEXT NOT NULL,
    shard BIGINT NOT NULL,
    users BIGINT NOT NULL,
    CONSTRAINT user_count_pk PRIMARY KEY (user_pool_id, shard),
    CONSTRAINT user_count_user_pool_fk FOREIGN KEY (user_pool_id) REFERENCES user_pool (user_pool_id)
);
