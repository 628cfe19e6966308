-- Groups and who is in them, devices, and what has become of sign-ins.

CREATE TABLE user_group (
    user_pool_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    group_name TEXT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT user_group_pk PRIMARY KEY (user_pool_id, group_id),
    CONSTRAINT user_group_name_unique UNIQUE (user_pool_id, group_name),
    CONSTRAINT user_group_user_pool_fk FOREIGN KEY (user_pool_id) REFERENCES user_pool (user_pool_id)
);

-- The users of a group. Which groups a user is in stands in the user's own document.
CREATE TABLE group_member (
    user_pool_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    CONSTRAINT group_member_pk PRIMARY KEY (user_pool_id, group_id, sub),
    CONSTRAINT group_member_user_group_fk FOREIGN KEY (user_pool_id, group_id)
        REFERENCES user_group (user_pool_id, group_id),
    CONSTRAINT group_member_pool_user_fk FOREIGN KEY (user_pool_id, sub) REFERENCES pool_user (user_pool_id, sub)
);

CREATE INDEX group_member_by_sub ON group_member (user_pool_id, sub);

CREATE TABLE device (
    user_pool_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    device_key TEXT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT device_pk PRIMARY KEY (user_pool_id, sub, device_key),
    CONSTRAINT device_pool_user_fk FOREIGN KEY (user_pool_id, sub) REFERENCES pool_user (user_pool_id, sub)
);

-- A sign-in whose tokens were revoked or refreshed in rotation; there is no row for any other.
CREATE TABLE token_family (
    user_pool_id TEXT NOT NULL,
    sub TEXT NOT NULL,
    origin_jti TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT token_family_pk PRIMARY KEY (user_pool_id, sub, origin_jti),
    CONSTRAINT token_family_pool_user_fk FOREIGN KEY (user_pool_id, sub) REFERENCES pool_user (user_pool_id, sub)
);
