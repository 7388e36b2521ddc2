//! Faults on purpose, so that clients can be tested against a platform that fails.

use std::sync::{PoisonError, RwLock};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::app::App;

/// What the platform does instead of answering. For tests of clients only; nothing but the embedding program can set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Answers 500 with an empty body, as a broken proxy would.
    InternalError,
    /// Answers 200 with bytes that are no JSON.
    Garbage,
    /// Does not answer until the fault is taken away.
    Hang,
}

#[derive(Default)]
pub(crate) struct FaultSwitch(RwLock<Option<Fault>>);

impl FaultSwitch {
    pub(crate) fn set(&self, fault: Option<Fault>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    fn get(&self) -> Option<Fault> {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The faulty answer, if there is to be one.
    pub(crate) async fn respond(&self, app: &App) -> Option<Response> {
        match self.get()? {
            Fault::InternalError => Some(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
            Fault::Garbage => Some(([(header::CONTENT_TYPE, "application/json")], "\u{0}<<not json").into_response()),
            Fault::Hang => {
                let mut changes = app.hub.subscribe();
                let mut stopping = app.stopping.clone();
                while self.get() == Some(Fault::Hang) && !*stopping.borrow() {
                    tokio::select! {
                        _ = changes.changed() => {},
                        _ = stopping.changed() => {},
                    }
                }
                None
            }
        }
    }
}
