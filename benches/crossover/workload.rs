//! What threads do to a list.

/// What a write does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Write {
    /// Another element in the place of one.
    Set,
    /// One more at the end; now and then the list is made short again.
    Push,
    /// One out of its place, and one more at the end.
    Replace,
}

/// What a read looks at.
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

/// The names that the command line and the output have for a thing.
pub trait Named: Copy + PartialEq + 'static {
    const ALL: &[(&str, Self)];

    fn find(name: &str) -> Option<Self> {
        Some(Self::ALL.iter().find(|(known, _)| *known == name)?.1)
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, value)| *value == self).expect("each has one").0
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
