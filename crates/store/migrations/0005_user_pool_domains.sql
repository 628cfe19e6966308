-- The host names of pools, each in the installation once. What a domain is stands in its pool's document.

CREATE TABLE user_pool_domain (
    domain TEXT NOT NULL,
    user_pool_id TEXT NOT NULL,
    CONSTRAINT user_pool_domain_pk PRIMARY KEY (domain),
    CONSTRAINT user_pool_domain_user_pool_fk FOREIGN KEY (user_pool_id) REFERENCES user_pool (user_pool_id)
);

CREATE INDEX user_pool_domain_by_user_pool ON user_pool_domain (user_pool_id);
