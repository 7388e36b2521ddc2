use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{
    ID_AD_CA_ISSUERS, ID_AD_OCSP, ID_CE_CRL_DISTRIBUTION_POINTS, ID_PE_AUTHORITY_INFO_ACCESS,
};
use der::asn1::Ia5String;
use der::{Decode, DecodeOwned};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{AccessDescription, AuthorityInfoAccessSyntax, CrlDistributionPoints};

use super::IssueError;
use super::profile::informative;

/// Most addresses of one kind that are read from a certificate.
const MAX_URLS: usize = 8;
/// Longest address that is read or written, in bytes.
const MAX_URL_LEN: usize = 1024;

/// Where a CA's services are, as its certificates say: addresses of `http` and `https`, in the order of preference.
/// Whoever fetches from an address of a certificate that is not yet believed does so at the word of a stranger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Services {
    /// OCSP responders (`id-ad-ocsp` of authority information access, RFC 5280 §4.2.2.1).
    pub ocsp: Vec<String>,
    /// Whole CRLs (CRL distribution points, RFC 5280 §4.2.1.13).
    pub crls: Vec<String>,
    /// The issuer's certificate (`id-ad-caIssuers`).
    pub issuers: Vec<String>,
}

impl Services {
    /// What cannot be read here is as good as absent: it only helps to find things.
    pub(super) fn take_authority_info_access(&mut self, extension: &Extension) {
        let described: Vec<AccessDescription> = read(extension);
        let locations = |method: ObjectIdentifier| {
            let of_kind = described.iter().filter(move |one| one.access_method == method);
            of_kind.filter_map(|one| url(&one.access_location)).take(MAX_URLS).collect()
        };
        self.ocsp = locations(ID_AD_OCSP);
        self.issuers = locations(ID_AD_CA_ISSUERS);
    }

    /// Points for some reasons only, or of another CRL issuer, are passed over.
    pub(super) fn take_distribution_points(&mut self, extension: &Extension) {
        let points: Vec<DistributionPoint> = read(extension);
        let whole = points.iter().filter(|point| point.reasons.is_none() && point.crl_issuer.is_none());
        self.crls = whole.flat_map(|point| urls(point.distribution_point.as_ref())).take(MAX_URLS).collect();
    }

    pub(super) fn to_extensions(&self) -> Result<Vec<Extension>, IssueError> {
        let mut extensions = Vec::new();
        let describe = |method: ObjectIdentifier, url: &String| {
            Ok(AccessDescription { access_method: method, access_location: uri(url)? })
        };
        let ocsp = self.ocsp.iter().map(|url| describe(ID_AD_OCSP, url));
        let access = ocsp.chain(self.issuers.iter().map(|url| describe(ID_AD_CA_ISSUERS, url)));
        let access = access.collect::<Result<Vec<_>, IssueError>>()?;
        if !access.is_empty() {
            extensions.push(informative(ID_PE_AUTHORITY_INFO_ACCESS, &AuthorityInfoAccessSyntax(access))?);
        }
        let points = self.crls.iter().map(|url| {
            let name = DistributionPointName::FullName(vec![uri(url)?]);
            Ok(DistributionPoint { distribution_point: Some(name), reasons: None, crl_issuer: None })
        });
        let points = points.collect::<Result<Vec<_>, IssueError>>()?;
        if !points.is_empty() {
            extensions.push(informative(ID_CE_CRL_DISTRIBUTION_POINTS, &CrlDistributionPoints(points))?);
        }
        Ok(extensions)
    }
}

/// The addresses of a distribution point.
pub(crate) fn urls(name: Option<&DistributionPointName>) -> Vec<String> {
    match name {
        Some(DistributionPointName::FullName(names)) => names.iter().filter_map(url).collect(),
        _ => Vec::new(),
    }
}

fn url(name: &GeneralName) -> Option<String> {
    let GeneralName::UniformResourceIdentifier(uri) = name else { return None };
    Some(uri.as_str().to_owned()).filter(|url| is_web(url))
}

fn uri(url: &str) -> Result<GeneralName, IssueError> {
    if !is_web(url) {
        return Err(IssueError::BadProfile);
    }
    Ia5String::new(url).map(GeneralName::UniformResourceIdentifier).map_err(|_| IssueError::BadProfile)
}

fn is_web(url: &str) -> bool {
    url.len() <= MAX_URL_LEN
        && ["http://", "https://"].iter().any(|scheme| url.starts_with(scheme))
        && url.bytes().all(|byte| byte.is_ascii_graphic())
}

fn read<T: DecodeOwned<Error = der::Error> + Default>(extension: &Extension) -> T {
    <T as Decode>::from_der(extension.extn_value.as_bytes()).unwrap_or_default()
}
