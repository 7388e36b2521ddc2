//! The consent service (role S): shows a request to the one phone that opened it, takes one answer, and vouches for both.
//!
//! The relying party reaches it through [`ConsentService`]'s own methods and nothing else: [`ConsentService::create`] is
//! message M2, [`ConsentService::evidence`] and [`ConsentService::consume`] are M12.

mod answer;
mod open;
mod routes;
mod row;
mod service;

pub(crate) use routes::{answer_route, document_route, evidence_route, open_route};
pub(crate) use service::{ConsentService, NewDocument, Standing};
