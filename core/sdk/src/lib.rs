//! The SDK as one API: client, flows, progress, errors.
