/// How much an event matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// For developers who look for something.
    Debug,
    /// A step that went as it should.
    Info,
    /// Something that was handled and should not happen often.
    Warning,
    /// Something that failed.
    Error,
}

/// The stable, dotted name of an event, known when the program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventCode(
    /// The name, as `consent.opened`.
    pub &'static str,
);

/// What may be logged beside a code. There is no free text on purpose: names, numbers of persons, file names and secrets
/// cannot get into a log that has no place for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldValue {
    /// A count or a size.
    Count(u64),
    /// A span of time in milliseconds.
    Millis(u64),
    /// Yes or no.
    Flag(bool),
    /// Another stable code, as an error's.
    Code(&'static str),
}

/// A named value of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// The value's name, known when the program is built.
    pub name: &'static str,
    /// The value.
    pub value: FieldValue,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// How much it matters.
    pub level: Level,
    /// What happened.
    pub code: EventCode,
    /// With what.
    pub fields: &'a [Field],
}

/// The host's log. It must not block and cannot fail.
pub trait Log: Send + Sync {
    /// Takes an event.
    fn log(&self, event: &Event<'_>);
}
