use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use eseal_custody::harness::FileStore;
use eseal_custody::{MAX_VALUE_LEN, SealedStore, StoreError, StoreKey};

const DIRECTORY: &str = "ESEAL_TEST_STORE";
const VALUE_LEN: usize = 256 * 1024;

fn name() -> StoreKey {
    StoreKey::new("value").unwrap()
}

#[tokio::test]
async fn values_survive_reopening() {
    let directory = tempfile::tempdir().unwrap();
    FileStore::open(directory.path()).unwrap().write_atomic(&name(), b"kept").await.unwrap();
    let again = FileStore::open(directory.path()).unwrap();
    assert_eq!(again.read(&name()).await.unwrap().unwrap().as_slice(), b"kept");
}

#[tokio::test]
async fn a_write_that_fails_leaves_nothing_and_the_others_alone() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::open(directory.path()).unwrap();
    store.write_atomic(&name(), b"kept").await.unwrap();
    // A directory where the file should be renamed to.
    fs::create_dir(directory.path().join("blocked")).unwrap();
    let blocked = StoreKey::new("blocked").unwrap();
    let failed = store.write_atomic(&blocked, b"new").await;
    assert!(matches!(failed, Err(StoreError::Unexpected { .. })));
    let mut names: Vec<_> = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["blocked", "value"]);
    assert_eq!(store.read(&name()).await.unwrap().unwrap().as_slice(), b"kept");
}

#[tokio::test]
async fn a_store_that_cannot_be_is_refused_without_naming_the_path() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("secret-file-name");
    fs::write(&file, b"").unwrap();
    let error = FileStore::open(&file).unwrap_err();
    assert_eq!(error.code(), "store.unexpected");
    assert!(!format!("{error} {error:?}").contains("secret-file-name"));
}

#[tokio::test]
async fn a_file_too_long_to_be_a_value_is_not_read() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::open(directory.path()).unwrap();
    let file = fs::File::create(directory.path().join("value")).unwrap();
    file.set_len(u64::try_from(MAX_VALUE_LEN).unwrap() + 1).unwrap();
    assert_eq!(store.read(&name()).await, Err(StoreError::Damaged));
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::open(directory.path().join("store")).unwrap();
    store.write_atomic(&name(), b"secret").await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory.path().join("store")), 0o700);
    assert_eq!(mode(&directory.path().join("store/value")), 0o600);
}

#[tokio::test]
async fn writers_at_once_leave_one_of_the_values_whole() {
    let directory = tempfile::tempdir().unwrap();
    let store = std::sync::Arc::new(FileStore::open(directory.path()).unwrap());
    let writers: Vec<_> = (0..8_u8)
        .map(|byte| {
            let store = std::sync::Arc::clone(&store);
            tokio::spawn(async move { store.write_atomic(&name(), &vec![byte; VALUE_LEN]).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    assert_whole(&store.read(&name()).await.unwrap().unwrap());
}

/// A process is killed in the middle of writing, again and again; what is found is always one value, whole.
#[tokio::test]
async fn a_kill_at_any_moment_leaves_the_old_value_or_the_new_one() {
    let directory = tempfile::tempdir().unwrap();
    let store = FileStore::open(directory.path()).unwrap();
    store.write_atomic(&name(), &vec![0; VALUE_LEN]).await.unwrap();
    for round in 0..20_u64 {
        let mut child = start_writer(directory.path());
        // Not before it is at work, which is when the value has changed; then at another moment each round.
        let before = store.read(&name()).await.unwrap().unwrap();
        let mut changed = false;
        for _ in 0..6000 {
            changed = *store.read(&name()).await.unwrap().unwrap() != *before;
            if changed {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(changed, "round {round}: the writer wrote nothing");
        std::thread::sleep(Duration::from_micros(round * 137));
        let still_at_work = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(still_at_work, "round {round}: the writer ended by itself");
        let reopened = FileStore::open(directory.path()).unwrap();
        assert_whole(&reopened.read(&name()).await.unwrap().unwrap());
        let files = fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(files, 1, "round {round}: what the killed writer left is still there");
    }
}

fn assert_whole(value: &[u8]) {
    assert_eq!(value.len(), VALUE_LEN);
    assert!(value.iter().all(|byte| *byte == value[0]), "parts of two values");
}

fn start_writer(directory: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "file_store::writes_until_killed", "--ignored"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
#[ignore = "the process that the test above kills"]
async fn writes_until_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let store = FileStore::open(Path::new(&directory)).unwrap();
    let start = store.read(&name()).await.unwrap().unwrap()[0];
    for byte in (0..=u8::MAX).cycle().skip(usize::from(start) + 1) {
        store.write_atomic(&name(), &vec![byte; VALUE_LEN]).await.unwrap();
    }
}
