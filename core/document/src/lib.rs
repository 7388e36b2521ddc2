//! PDF documents: open, place, stamp, sign, verify.
