//! Shapes and constraints of every operation of the user pools API.
