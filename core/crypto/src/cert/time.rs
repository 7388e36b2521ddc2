use std::fmt;
use std::time::Duration;

use der::DateTime;
use x509_cert::time::Time;

/// An instant in whole seconds since 1970-01-01T00:00:00Z, without leap seconds. Always handed in, never read from a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(
    /// Seconds since 1970-01-01T00:00:00Z.
    pub u64,
);

impl UnixTime {
    pub(crate) fn from_x509(time: Time) -> Self {
        Self(time.to_unix_duration().as_secs())
    }

    pub(crate) fn to_x509(self) -> der::Result<Time> {
        DateTime::from_unix_duration(Duration::from_secs(self.0)).map(Time::from)
    }

    /// This instant and `seconds` more.
    #[must_use]
    pub const fn plus(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

/// RFC 3339 in UTC, as `2026-11-22T15:00:00Z`; instants after the year 9999 as plain seconds.
impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_unix_duration(Duration::from_secs(self.0)) {
            Ok(date_time) => date_time.fmt(f),
            Err(_) => write!(f, "@{}", self.0),
        }
    }
}

/// From when until when a certificate is valid, both ends included (RFC 5280 §4.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first instant.
    pub not_before: UnixTime,
    /// The last instant.
    pub not_after: UnixTime,
}

impl Validity {
    /// The span that starts at `not_before` and ends `seconds` later.
    #[must_use]
    pub const fn lasting(not_before: UnixTime, seconds: u64) -> Self {
        Self { not_before, not_after: not_before.plus(seconds) }
    }

    /// Whether the instant lies within this span.
    #[must_use]
    pub fn includes(&self, at: UnixTime) -> bool {
        self.not_before <= at && at <= self.not_after
    }

    /// Whether `other` lies within this span.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.not_before <= other.not_before && other.not_after <= self.not_after
    }
}
