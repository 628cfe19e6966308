//! What every store does, whatever its engine: each test takes an empty store.
//!
//! An engine runs the suite by calling [`each_test!`] with a macro that writes one `#[tokio::test]` for a path.

pub(crate) mod app_clients;
pub(crate) mod brandings;
pub(crate) mod commits;
pub(crate) mod concurrency;
pub(crate) mod deliveries;
pub(crate) mod devices;
pub(crate) mod domains;
pub(crate) mod groups;
pub(crate) mod listing;
pub(crate) mod master_keys;
pub(crate) mod model;
pub(crate) mod races;
pub(crate) mod unknown_names;
pub(crate) mod user_pools;
pub(crate) mod users;

use std::sync::Arc;

use pool::ports::{Change, Conflict, Store, StoreError};

/// The store under test.
pub(crate) type Subject = Arc<dyn Store>;

/// The conflict by which `changes` are turned down; fails when they are not.
pub(crate) async fn conflict(store: &Subject, changes: Vec<Change>) -> Conflict {
    match store.commit(changes).await {
        Err(StoreError::Conflict(conflict)) => conflict,
        other => panic!("no conflict but {other:?}"),
    }
}

/// Calls `$run!` with module and name of every test.
macro_rules! each_test {
    ($run:ident) => {
        $run! {
            user_pools: a_user_pool_is_found_as_it_was_stored;
            user_pools: a_replaced_user_pool_has_the_next_version;
            user_pools: a_stale_user_pool_replaces_nothing;
            user_pools: the_id_of_a_user_pool_is_taken_once;
            user_pools: user_pools_are_listed_in_pages;
            user_pools: a_deleted_user_pool_takes_everything_with_it;
            user_pools: what_is_not_there_cannot_be_deleted;
            app_clients: an_app_client_is_found_as_it_was_stored;
            app_clients: a_replaced_app_client_has_the_next_version;
            app_clients: a_stale_app_client_replaces_nothing;
            app_clients: the_id_of_an_app_client_is_taken_once_in_all_pools;
            app_clients: an_app_client_needs_its_pool;
            app_clients: app_clients_are_listed_in_pages;
            app_clients: a_deleted_app_client_is_gone;
            users: a_user_is_found_by_each_name_and_by_sub;
            users: one_name_is_two_users_in_two_pools;
            users: a_name_given_twice_is_one_name;
            users: a_replaced_user_has_the_next_version;
            users: a_stale_user_replaces_nothing;
            users: the_sub_of_a_user_is_taken_once;
            users: a_taken_name_is_told;
            users: names_that_go_are_free_again;
            users: names_that_are_not_given_stay;
            users: a_name_of_another_user_cannot_be_taken_by_a_change;
            users: a_deleted_user_leaves_their_names;
            users: a_user_needs_their_pool;
            users: users_are_counted;
            groups: a_group_is_found_by_name_and_by_id;
            groups: the_name_of_a_group_is_taken_once;
            groups: a_stale_group_replaces_nothing;
            groups: groups_are_listed_by_name_in_pages;
            groups: members_come_go_and_vanish_with_user_and_group;
            groups: a_deleted_user_pool_takes_its_groups;
            devices: a_device_comes_changes_and_goes;
            devices: devices_are_listed_in_pages_and_go_with_their_user;
            devices: devices_of_all_users_are_listed_in_pages;
            devices: a_user_is_found_with_what_became_of_a_sign_in;
            devices: what_has_ended_by_itself_is_cleared_away;
            deliveries: a_message_waits_until_it_is_due;
            deliveries: a_message_is_taken_up_once;
            deliveries: a_delivered_message_is_gone;
            deliveries: the_id_of_a_message_is_taken_once;
            unknown_names: an_unknown_name_is_found_as_it_was_put;
            unknown_names: a_stale_unknown_name_replaces_nothing;
            unknown_names: unknown_names_go_when_their_time_is_up_and_with_their_pool;
            domains: a_domain_leads_to_its_pool_until_it_goes;
            domains: a_domain_is_one_pool_s;
            domains: a_deleted_user_pool_takes_its_domains;
            brandings: a_branding_is_found_as_it_was_put;
            brandings: a_stale_branding_replaces_nothing;
            brandings: a_style_is_found_by_its_id_until_it_goes;
            brandings: brandings_go_with_their_app_client_and_their_pool;
            master_keys: a_store_that_knows_no_key_takes_the_first_that_comes;
            master_keys: another_key_is_refused_before_anything_is_written;
            master_keys: of_many_who_come_first_with_keys_of_their_own_one_stays;
            master_keys: a_store_of_releases_before_takes_the_key_of_its_pools;
            master_keys: a_stale_record_replaces_nothing;
            commits: changes_happen_in_their_order;
            commits: an_alias_moves_to_a_new_user_in_one_commit;
            commits: an_alias_cannot_be_taken_before_it_is_given_up;
            commits: a_commit_that_fails_at_its_end_leaves_nothing;
            commits: a_pool_and_its_users_come_in_one_commit;
            commits: a_pool_may_be_deleted_and_made_again_in_one_commit;
            commits: no_changes_are_a_success;
            listing: all_users_are_listed_in_pages;
            listing: a_page_that_is_full_and_last_has_no_next;
            listing: equality_compares_the_whole_value;
            listing: equal_values_are_paged_by_sub;
            listing: a_prefix_compares_the_beginning;
            listing: wildcards_of_sql_are_plain_characters;
            listing: prefixes_may_end_in_any_character;
            listing: an_empty_prefix_wants_the_attribute;
            listing: every_key_finds_its_user;
            listing: pages_go_on_where_users_come_and_go;
            listing: case_is_folded_where_the_pool_ignores_it;
            listing: a_changed_attribute_is_found_under_its_new_value;
            listing: a_very_long_value_is_found_by_its_beginning;
            listing: users_of_other_pools_are_not_listed;
            listing: null_characters_are_characters;
            concurrency: of_fifty_who_want_one_name_one_gets_it;
            concurrency: of_fifty_who_replace_one_version_one_succeeds;
            concurrency: a_failing_commit_does_not_hurt_its_neighbours;
            concurrency: readers_see_whole_commits;
            races: names_taken_crosswise_are_taken_by_one;
            races: names_that_change_hands_crosswise_stay_one_user_s;
            races: users_who_come_and_go_at_once_are_counted;
            races: nothing_comes_into_a_pool_that_goes;
            races: nothing_clings_to_a_user_who_goes;
            races: nobody_comes_into_a_group_that_goes;
            races: what_is_written_first_by_many_is_written_once;
            races: a_message_is_taken_up_by_one_of_many;
            races: what_is_renewed_while_it_is_cleared_away_stays;
        }
    };
}
pub(crate) use each_test;
