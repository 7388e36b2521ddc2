//! Sealing a file where it lies: whatever happens in between, what is there afterwards is the old file or the new one.

mod disk;
mod folder;
mod processes;

use eseal_document::ReadAt;
use eseal_document::pdf::{Pdf, Sealed};

use crate::party::{Party, somewhere};

fn sealed<S: ReadAt>(party: &Party, source: S) -> Sealed<S> {
    let prepared = Pdf::open(source).unwrap().prepare(&party.request(somewhere())).unwrap();
    let signature = party.key.sign(prepared.to_be_signed());
    prepared.complete(&signature).unwrap()
}

fn bytes<S: ReadAt>(sealed: &Sealed<S>) -> Vec<u8> {
    let mut bytes = Vec::new();
    sealed.write_to(&mut bytes).unwrap();
    bytes
}
