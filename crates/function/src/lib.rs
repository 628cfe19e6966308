//! The migration function, as a library and as Lambda's bootstrap.
