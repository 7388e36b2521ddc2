use crate::Token;

/// What the user is told while a key is unlocked. It names a text and its values; the texts themselves are in the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Signing a request: the request key asks for no presence, so nothing is shown.
    Request,
    /// Proving at enrolment that a new key is there.
    ProvePossession,
    /// Approving an operation.
    Approve {
        /// The operation's type.
        operation: Token,
        /// How many documents it covers.
        documents: u32,
    },
    /// Declining an operation.
    Decline {
        /// The operation's type.
        operation: Token,
    },
    /// Sealing documents.
    Seal {
        /// How many.
        documents: u32,
    },
}

/// A value for a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptValue {
    /// A count.
    Count(u32),
    /// A name that has a text of its own.
    Token(Token),
}

/// A named value for a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptParam {
    /// The name that stands in the text.
    pub name: &'static str,
    /// The value.
    pub value: PromptValue,
}

impl Prompt {
    /// Every key that [`Self::key`] can give: an app must have a text for each.
    pub const KEYS: &'static [&'static str] =
        &["prompt.request", "prompt.prove-possession", "prompt.approve", "prompt.decline", "prompt.seal"];

    /// The stable key of the text.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Request => "prompt.request",
            Self::ProvePossession => "prompt.prove-possession",
            Self::Approve { .. } => "prompt.approve",
            Self::Decline { .. } => "prompt.decline",
            Self::Seal { .. } => "prompt.seal",
        }
    }

    /// The values for the text.
    #[must_use]
    pub fn params(&self) -> Vec<PromptParam> {
        let count = |documents: u32| PromptParam { name: "documents", value: PromptValue::Count(documents) };
        let name = |operation: &Token| PromptParam { name: "operation", value: PromptValue::Token(operation.clone()) };
        match self {
            Self::Request | Self::ProvePossession => Vec::new(),
            Self::Approve { operation, documents } => vec![name(operation), count(*documents)],
            Self::Decline { operation } => vec![name(operation)],
            Self::Seal { documents } => vec![count(*documents)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_listed_once() {
        let operation = Token::new("seal.claim").unwrap();
        let all = [
            Prompt::Request,
            Prompt::ProvePossession,
            Prompt::Approve { operation: operation.clone(), documents: 2 },
            Prompt::Decline { operation },
            Prompt::Seal { documents: 1 },
        ];
        let keys: Vec<_> = all.iter().map(Prompt::key).collect();
        assert_eq!(keys, Prompt::KEYS);
    }

    #[test]
    fn values_are_typed_and_named() {
        let operation = Token::new("seal.claim").unwrap();
        let params = Prompt::Approve { operation: operation.clone(), documents: 2 }.params();
        assert_eq!(params.len(), 2);
        assert_eq!(params[0], PromptParam { name: "operation", value: PromptValue::Token(operation) });
        assert_eq!(params[1], PromptParam { name: "documents", value: PromptValue::Count(2) });
        assert!(Prompt::Request.params().is_empty());
    }
}
