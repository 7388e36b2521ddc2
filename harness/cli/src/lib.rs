//! The `eseal` command.
