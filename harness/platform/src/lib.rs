//! The reference platform: accounts, devices, consents, seals, usage records.
