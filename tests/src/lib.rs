//! What crosses crates: end to end, interop with peers, vectors.
