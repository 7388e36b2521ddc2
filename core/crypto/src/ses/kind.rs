use super::{SealHolder, SesExtension};
use crate::oid::SEAL_KIND;

/// What a seal is for. The standards know holders only ([`SealHolder`]), so what kind of a unit's seal it is stands in an
/// extension of our own, by the number that it has in the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SealKind {
    /// 01: a unit's legal name (法定名称章).
    LegalName,
    /// 02: finance (财务专用章).
    Finance,
    /// 03: invoices (发票专用章).
    Invoice,
    /// 04: contracts (合同专用章).
    Contract,
    /// 05: the legal representative's name (法定代表人名章).
    LegalRepresentative,
    /// 99: another seal of a unit.
    Other,
    /// A person's hand-drawn signature (个人手绘章) or name seal (个人名章): they have no number.
    Personal,
}

impl SealKind {
    const NUMBERED: [Self; 6] =
        [Self::LegalName, Self::Finance, Self::Invoice, Self::Contract, Self::LegalRepresentative, Self::Other];

    /// The two digits that it has in the field, if any.
    #[must_use]
    pub const fn number(self) -> Option<&'static str> {
        match self {
            Self::LegalName => Some("01"),
            Self::Finance => Some("02"),
            Self::Invoice => Some("03"),
            Self::Contract => Some("04"),
            Self::LegalRepresentative => Some("05"),
            Self::Other => Some("99"),
            Self::Personal => None,
        }
    }

    /// Whose such a seal is; the legal representative's belongs to the unit.
    #[must_use]
    pub const fn holder(self) -> SealHolder {
        match self {
            Self::Personal => SealHolder::Person,
            _ => SealHolder::Unit,
        }
    }

    /// What says so in a seal: not critical, since nobody who does not know it takes the seal for more than it is.
    #[must_use]
    pub fn to_extension(self) -> Option<SesExtension> {
        self.number().map(|number| SesExtension { id: SEAL_KIND, critical: false, value: number.into() })
    }

    pub(super) fn of(holder: SealHolder, extensions: &[SesExtension]) -> Option<Self> {
        let said = extensions.iter().find(|one| one.id == SEAL_KIND);
        match (said, holder) {
            (Some(said), _) => Self::NUMBERED
                .into_iter()
                .find(|kind| kind.number().is_some_and(|number| number.as_bytes() == said.value)),
            (None, SealHolder::Person) => Some(Self::Personal),
            (None, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_read_as_it_was_written() {
        for kind in SealKind::NUMBERED.into_iter().chain([SealKind::Personal]) {
            let extensions: Vec<_> = kind.to_extension().into_iter().collect();
            assert_eq!(SealKind::of(kind.holder(), &extensions), Some(kind));
        }
        assert_eq!(SealKind::of(SealHolder::Unit, &[]), None);
        let unknown = SesExtension { id: SEAL_KIND, critical: false, value: b"42".to_vec() };
        assert_eq!(SealKind::of(SealHolder::Person, &[unknown]), None);
    }
}
