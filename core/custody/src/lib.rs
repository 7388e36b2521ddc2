//! Keys on the phone: host ports and sealed storage.
