//! A disk that fails, fills up, or loses its power at every single byte.

use std::cell::RefCell;
use std::io;

use eseal_document::{FileJournal, ReadAt, Recovery, WriteAt, recover_at};

use super::{bytes, sealed};
use crate::builder::{Builder, Xref};
use crate::party::Party;

/// What a system writes at once; it may write one and not another.
const SECTOR: usize = 512;

/// What happens when the steps have run out. A byte written is a step, and so is a cut and a synchronisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Nothing is done any more: the process is dead.
    Kill,
    /// No more bytes fit; cutting and synchronising still work.
    Full,
    /// One single call fails, the others work.
    Hiccup,
}

#[derive(Debug, Clone, Default)]
struct Stored {
    /// What another process would read now.
    now: Vec<u8>,
    /// What is left for certain when the power goes.
    durable: Vec<u8>,
}

#[derive(Debug)]
struct State {
    files: [Stored; 2],
    left: usize,
    fault: Fault,
    is_spent: bool,
}

/// A document and its journal.
#[derive(Debug)]
struct Disk {
    state: RefCell<State>,
}

#[derive(Debug, Clone, Copy)]
struct Handle<'a> {
    disk: &'a Disk,
    file: usize,
}

impl Disk {
    fn new(document: &[u8], steps: usize, fault: Fault) -> Self {
        let stored = Stored { now: document.to_vec(), durable: document.to_vec() };
        let files = [stored, Stored::default()];
        Self { state: RefCell::new(State { files, left: steps, fault, is_spent: false }) }
    }

    fn document(&self) -> Handle<'_> {
        Handle { disk: self, file: 0 }
    }

    fn journal(&self) -> FileJournal<Handle<'_>> {
        FileJournal::new(Handle { disk: self, file: 1 })
    }

    /// The machine is on again and nothing fails any more.
    fn repair(&self) {
        self.state.borrow_mut().left = usize::MAX;
        self.state.borrow_mut().is_spent = false;
    }

    /// Of what was not synchronised, some sectors are there and some are not; `chance` says which.
    fn lose_power(&self, mut chance: impl FnMut() -> bool) {
        for Stored { now, durable } in &mut self.state.borrow_mut().files {
            let size = if chance() { now.len() } else { durable.len() };
            let mut left = durable.clone();
            left.resize(size, 0);
            for (index, sector) in left.chunks_mut(SECTOR).enumerate() {
                let start = index * SECTOR;
                if chance() && start < now.len() {
                    let end = now.len().min(start + sector.len());
                    sector[..end - start].copy_from_slice(&now[start..end]);
                }
            }
            durable.clone_from(&left);
            *now = left;
        }
    }

    fn now(&self) -> Vec<u8> {
        self.state.borrow().files[0].now.clone()
    }

    fn journal_is_empty(&self) -> bool {
        self.state.borrow().files[1].now.is_empty()
    }
}

impl State {
    /// How many of so many steps may be taken.
    fn take(&mut self, steps: usize) -> usize {
        let taken = steps.min(self.left);
        self.left -= taken;
        taken
    }

    fn step(&mut self) -> io::Result<()> {
        let is_free = self.fault == Fault::Full || self.fault == Fault::Hiccup && self.is_spent;
        if is_free || self.take(1) == 1 { Ok(()) } else { Err(self.fail()) }
    }

    fn fail(&mut self) -> io::Error {
        self.is_spent = true;
        match self.fault {
            Fault::Full => io::ErrorKind::StorageFull.into(),
            Fault::Kill | Fault::Hiccup => io::Error::other("a fault"),
        }
    }
}

impl ReadAt for Handle<'_> {
    fn size(&self) -> io::Result<u64> {
        self.disk.state.borrow().files[self.file].now.size()
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.disk.state.borrow().files[self.file].now.read_exact_at(offset, buf)
    }
}

impl WriteAt for Handle<'_> {
    fn write_all_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state.borrow_mut();
        let is_over = state.fault == Fault::Hiccup && state.is_spent;
        let written = if is_over { bytes.len() } else { state.take(bytes.len()) };
        let (start, end) = (usize::try_from(offset).unwrap(), usize::try_from(offset).unwrap() + written);
        let now = &mut state.files[self.file].now;
        now.resize(now.len().max(end), 0);
        now[start..end].copy_from_slice(&bytes[..written]);
        if written == bytes.len() { Ok(()) } else { Err(state.fail()) }
    }

    fn set_size(&self, size: u64) -> io::Result<()> {
        let mut state = self.disk.state.borrow_mut();
        state.step()?;
        state.files[self.file].now.resize(usize::try_from(size).unwrap(), 0);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.state.borrow_mut();
        state.step()?;
        let Stored { now, durable } = &mut state.files[self.file];
        durable.clone_from(now);
        Ok(())
    }
}

/// A file, its sealed form, and how many steps it takes from one to the other.
struct Case {
    party: Party,
    old: Vec<u8>,
}

impl Case {
    fn new() -> Self {
        Self { party: Party::new("Test", 1), old: Builder::simple(Xref::Stream).build() }
    }

    fn steps(&self) -> usize {
        let disk = Disk::new(&self.old, usize::MAX, Fault::Kill);
        sealed(&self.party, self.old.as_slice()).append_at(&disk.document(), &mut disk.journal()).unwrap();
        usize::MAX - disk.state.borrow().left
    }
}

/// Settles what is there and says whether it is the new file; it is nothing but the old one or the new one.
fn settled(disk: &Disk, old: &[u8], new: &[u8], context: &str) -> bool {
    disk.repair();
    recover_at(&disk.document(), &mut disk.journal()).unwrap();
    assert!(disk.journal_is_empty(), "{context}");
    let now = disk.now();
    assert!(now == old || now == new, "{context}: {} bytes of {} to {}", now.len(), old.len(), new.len());
    assert_eq!(recover_at(&disk.document(), &mut disk.journal()).unwrap(), Recovery::Clean, "{context}");
    now == new
}

#[test]
fn a_kill_at_every_byte_leaves_the_old_file_or_the_new_one() {
    let case = Case::new();
    let (old, sealed) = (case.old.as_slice(), sealed(&case.party, case.old.as_slice()));
    let (new, steps) = (bytes(&sealed), case.steps());
    let mut outcomes = [0_u32; 2];
    for left in 0..=steps {
        let disk = Disk::new(old, left, Fault::Kill);
        let outcome = sealed.append_at(&disk.document(), &mut disk.journal());
        let is_new = settled(&disk, old, &new, &format!("killed after {left} steps"));
        // What was reported as done stays done.
        assert!(outcome.is_err() || is_new, "{left}");
        outcomes[usize::from(is_new)] += 1;
    }
    println!("{steps} steps: old file {} times, new file {} times", outcomes[0], outcomes[1]);
    assert!(outcomes[0] > 0 && outcomes[1] > 0);
}

#[test]
fn a_power_cut_at_any_step_leaves_the_old_file_or_the_new_one() {
    let case = Case::new();
    let (old, sealed) = (case.old.as_slice(), sealed(&case.party, case.old.as_slice()));
    let (new, steps) = (bytes(&sealed), case.steps());
    let mut dice = 0x2545_F491_4F6C_DD1D_u64;
    let mut chance = || {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        dice & 1 == 0
    };
    for round in 0..4_000 {
        // The last steps are the most interesting ones.
        let left = if round % 2 == 0 { round * 7 % (steps + 1) } else { steps.saturating_sub(round % 12) };
        let disk = Disk::new(old, left, Fault::Kill);
        let outcome = sealed.append_at(&disk.document(), &mut disk.journal());
        disk.lose_power(&mut chance);
        let is_new = settled(&disk, old, &new, &format!("no power after {left} steps, round {round}"));
        assert!(outcome.is_err() || is_new, "{left}");
    }
}

#[test]
fn a_kill_while_settling_is_settled_the_next_time() {
    let case = Case::new();
    let (old, sealed) = (case.old.as_slice(), sealed(&case.party, case.old.as_slice()));
    let (new, steps) = (bytes(&sealed), case.steps());
    for left in (0..=steps).step_by(37) {
        for second in 0..6 {
            let disk = Disk::new(old, left, Fault::Kill);
            let _ = sealed.append_at(&disk.document(), &mut disk.journal());
            disk.state.borrow_mut().left = second;
            let _ = recover_at(&disk.document(), &mut disk.journal());
            settled(&disk, old, &new, &format!("killed after {left} and {second} steps"));
        }
    }
}

#[test]
fn a_full_disk_at_every_byte_leaves_the_old_file_and_can_be_tried_again() {
    let case = Case::new();
    let (old, sealed) = (case.old.as_slice(), sealed(&case.party, case.old.as_slice()));
    let new = bytes(&sealed);
    let record = sealed.revision().len() + 96;
    let all = record + sealed.revision().len();
    for room in 0..all {
        let disk = Disk::new(old, room, Fault::Full);
        let refused = sealed.append_at(&disk.document(), &mut disk.journal()).unwrap_err();
        assert_eq!(refused.code(), "pdf.disk-full", "{room}");
        assert!(disk.journal_is_empty() && disk.now() == old, "{room}");
        if room % 997 == 0 {
            disk.repair();
            sealed.append_at(&disk.document(), &mut disk.journal()).unwrap();
            assert!(disk.journal_is_empty() && disk.now() == new, "{room}");
        }
    }
    let disk = Disk::new(old, all, Fault::Full);
    sealed.append_at(&disk.document(), &mut disk.journal()).unwrap();
    assert_eq!(disk.now(), new);
}

#[test]
fn one_failing_call_leaves_the_old_file_or_the_new_one() {
    let case = Case::new();
    let (old, sealed) = (case.old.as_slice(), sealed(&case.party, case.old.as_slice()));
    let (new, steps) = (bytes(&sealed), case.steps());
    for left in 0..=steps {
        let disk = Disk::new(old, left, Fault::Hiccup);
        let outcome = sealed.append_at(&disk.document(), &mut disk.journal());
        // Nothing more has to be settled: a file that is not sealed is the old one at once.
        assert_eq!(disk.now() == new, outcome.is_ok(), "{left}");
        assert!(outcome.is_ok() || disk.now() == old, "{left}");
        assert_eq!(settled(&disk, old, &new, &format!("a fault after {left} steps")), outcome.is_ok());
    }
}

#[test]
fn what_somebody_else_appended_after_a_kill_is_kept() {
    let case = Case::new();
    let (old, sealed) = (case.old.as_slice(), sealed(&case.party, case.old.as_slice()));
    let record = sealed.revision().len() + 96;
    // Killed after the journal was written and before the document was.
    let disk = Disk::new(old, record + 2, Fault::Kill);
    sealed.append_at(&disk.document(), &mut disk.journal()).unwrap_err();
    assert!(!disk.journal_is_empty() && disk.now() == old);
    disk.repair();
    let other = crate::builder::append(old, &[(40, "(of another program)")], "");
    disk.document().write_all_at(old.len() as u64, &other[old.len()..]).unwrap();
    assert_eq!(recover_at(&disk.document(), &mut disk.journal()).unwrap(), Recovery::Foreign);
    assert!(disk.now() == other && disk.journal_is_empty());
}

#[test]
fn an_append_to_another_file_is_refused() {
    let case = Case::new();
    let sealed = sealed(&case.party, case.old.as_slice());
    let mut inside = case.old.clone();
    inside[40] ^= 1;
    let longer = [case.old.as_slice(), b"\n"].concat();
    for other in [&inside, &longer, &case.old[..case.old.len() - 1].to_vec(), &Vec::new()] {
        let disk = Disk::new(other, usize::MAX, Fault::Kill);
        let refused = sealed.append_at(&disk.document(), &mut disk.journal()).unwrap_err();
        assert_eq!(refused.code(), "pdf.source-changed");
        assert!(disk.now() == *other && disk.journal_is_empty());
    }
}
