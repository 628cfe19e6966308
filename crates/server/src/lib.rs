//! The faces of the pool over HTTP, and its ways out to functions and couriers.
