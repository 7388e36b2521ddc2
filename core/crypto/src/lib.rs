//! Algorithm suites, certificates and CMS.
