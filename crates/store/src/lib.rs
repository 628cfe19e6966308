//! The pool's store in SQL.
