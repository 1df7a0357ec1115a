//! The parts of a run. Each one adds its tables to the report.

pub mod build;
pub mod engines;
pub mod flights;
pub mod goals;
pub mod instructions;
pub mod memory;
pub mod misses;
pub mod mixed;
pub mod mutation;
pub mod recursion;
pub mod redis;
pub mod stores;
pub mod ttl;
