//! The decision: an event and what the old directory said become a response or a refusal.
