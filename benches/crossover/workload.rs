//! The operations of threads on a list.

/// The kind of a write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Write {
    /// Replaces an element.
    Set,
    /// Appends an element, and from time to time truncates the list instead.
    Push,
    /// Removes an element and appends another one.
    Replace,
}

/// The elements that a read looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Read {
    One,
    All,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Payload {
    U64,
    Arc,
    String,
}

/// A type whose values have names on the command line and in the output.
pub trait Named: Copy + PartialEq + 'static {
    const ALL: &[(&str, Self)];

    fn find(name: &str) -> Option<Self> {
        Some(Self::ALL.iter().find(|(known, _)| *known == name)?.1)
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, value)| *value == self).expect("each value has a name").0
    }
}

impl Named for Write {
    const ALL: &[(&str, Self)] =
        &[("set", Self::Set), ("push", Self::Push), ("replace", Self::Replace)];
}

impl Named for Read {
    const ALL: &[(&str, Self)] = &[("one", Self::One), ("all", Self::All)];
}

impl Named for Payload {
    const ALL: &[(&str, Self)] =
        &[("u64", Self::U64), ("arc", Self::Arc), ("string", Self::String)];
}
