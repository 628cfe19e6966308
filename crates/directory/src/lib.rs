//! Old directories: one module a kind, each answering the two questions of the migration.
