//! `signature_pad` and perfect-freehand, as node runs them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use eseal_ink::{Ink, Sample};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::BenchError;
use crate::place::Place;

const SCRIPT: &str = "harness/bench/peers/ink/peers.mjs";

/// Node with both packages.
pub(super) struct Peers {
    script: PathBuf,
    tools: PathBuf,
    folder: PathBuf,
}

#[derive(Deserialize)]
struct Live {
    microseconds: Vec<f64>,
}

#[derive(Deserialize)]
struct Pngs {
    signatures: Vec<Png>,
}

/// A signature as `signature_pad` and its canvas make it.
#[derive(Deserialize)]
pub(super) struct Png {
    pub(super) ms: f64,
    pub(super) bytes: usize,
}

/// x, y, t.
type Xyt = [f64; 3];

fn points(samples: &[Sample]) -> Vec<Xyt> {
    samples.iter().map(|sample| [sample.x_mm, sample.y_mm, sample.t_ms]).collect()
}

impl Peers {
    /// Both, if node is here and can get them.
    pub(super) fn find(place: &Place) -> Option<Self> {
        let folder = place.bench().join("ink");
        fs::create_dir_all(&folder).ok()?;
        let tools = place.bench().join("../tools/ink-peers");
        let peers = Self { script: place.there(SCRIPT)?, tools, folder };
        peers.run::<serde_json::Value>("", &[]).ok().map(|_| peers)
    }

    fn run<T: DeserializeOwned>(&self, job: &str, arguments: &[String]) -> Result<T, BenchError> {
        let output = Command::new("node").arg(&self.script).arg(&self.tools).arg(job).args(arguments).output()?;
        if !output.status.success() {
            return Err(BenchError::failed("node", String::from_utf8_lossy(&output.stderr)));
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    fn input(&self, name: &str, value: &impl serde::Serialize) -> Result<String, BenchError> {
        let path = self.folder.join(name);
        fs::write(&path, serde_json::to_vec(value)?)?;
        Ok(path.to_string_lossy().into_owned())
    }

    /// Microseconds that one more point takes perfect-freehand after so many.
    pub(super) fn live(&self, stroke: &[Sample], counts: &[usize]) -> Result<Vec<f64>, BenchError> {
        let mut arguments = vec![self.input("stroke.json", &points(stroke))?];
        arguments.extend(counts.iter().map(ToString::to_string));
        Ok(self.run::<Live>("live", &arguments)?.microseconds)
    }

    /// From points to PNG by `signature_pad`.
    pub(super) fn pngs(&self, inks: &[Ink], turns: usize) -> Result<Vec<Png>, BenchError> {
        let strokes = |ink: &Ink| ink.strokes().iter().map(|stroke| points(stroke.samples())).collect::<Vec<_>>();
        let input = self.input("signatures.json", &inks.iter().map(strokes).collect::<Vec<_>>())?;
        Ok(self.run::<Pngs>("png", &[input, "600".to_owned(), turns.to_string()])?.signatures)
    }
}
