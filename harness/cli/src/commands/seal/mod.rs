//! `eseal seal`.

mod inspect;
mod make;

pub(super) use self::inspect::run as inspect;
pub(super) use self::make::run as make;
