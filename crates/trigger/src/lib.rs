//! The events of a user pool's Lambda triggers, request and response, as types.
