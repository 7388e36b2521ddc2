//! What phone and platform say to each other: wire types and the consent state machine, without I/O.
