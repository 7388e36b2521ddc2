//! The five steps, by themselves.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use eseal_crypto::cert::{TrustAnchors, UnixTime};
use eseal_custody::Clock;
use eseal_custody::harness::SystemClock;
use eseal_document::VerifyOptions;
use eseal_document::pdf::{
    Anchor, Corner, Keyword, OpenOptions, PageChoice, PageIndex, PdfError, Placement, Profile, Side,
};
use eseal_document::report::{Changes, Coverage, Integrity, Level, Verdict};
use eseal_face::{Dpi, Face, SizeMm};
use eseal_ink::{FaceSize, Ink, InkColor, Pen, RenderOptions, render};
use eseal_platform::Platform;
use eseal_protocol::consent::Decision;
use eseal_protocol::evidence::Evidence;
use eseal_protocol::template::Locale;
use eseal_protocol::text::DisplayText;
use eseal_sdk::{
    Cancel, Client, Consent, Error, NoProgress, Seal, SealPlace, StampJob, Stamped, VerifiedSeal, verify_document,
};
use zeroize::Zeroizing;

use super::portal::PortalSession;
use super::report::{self, Report, Signed};
use super::{DemoError, camera, file_error, pages, person};

const STROKES: &str = include_str!("../../../../tests/fixtures/ink/zhou-zihan.json");
pub(crate) const CONTRACT: &[u8] = include_bytes!("../../../../tests/fixtures/contract/contract.pdf");
const CONTRACT_XREF_STREAM: &[u8] = include_bytes!("../../../../tests/fixtures/contract/contract-xref-stream.pdf");
pub(crate) const CONTRACT_NAME: &str = "品牌影像与设计服务合同.pdf";

/// Where 乙方 signs: page, and millimetres from its top-left corner.
const SIGN_PAGE: i32 = 4;
const SIGN_AT_MM: [f64; 2] = [112.0, 128.0];
/// The same place by the text that stands there.
const SIGN_TEXT: &str = "乙方（签字）：";
pub(crate) const SIGN_BOX_MM: [f64; 2] = [45.0, 22.0];
pub(crate) const PAGE_DPI: f32 = 110.0;
const DETAIL_DPI: f32 = 300.0;
/// Around the seal: left, top, width, height, mm.
const DETAIL_MM: [f32; 4] = [100.0, 105.0, 95.0, 60.0];
/// A byte of the comment behind the header (ISO 32000-2, 7.5.2): changed, the file still opens everywhere.
const TAMPERED_OFFSET: usize = 11;

/// The line on which 乙方 signs.
pub(crate) fn on_the_line() -> Result<Placement, PdfError> {
    Placement::new(PageIndex::new(SIGN_PAGE), Corner::TopLeft, SIGN_AT_MM, SIGN_BOX_MM)
}

/// What the demo left.
#[derive(Debug)]
pub struct Outcome {
    /// The report to open first.
    pub report: PathBuf,
    /// Every file, the report included.
    pub files: Vec<PathBuf>,
}

/// Says what happens when it happens, with the time since the start.
struct Narrator<'a> {
    started: Instant,
    say: &'a (dyn Fn(&str) + Sync),
    steps: Vec<report::Step>,
}

impl Narrator<'_> {
    fn tell(&mut self, text: &str) {
        let ms = self.started.elapsed().as_millis();
        (self.say)(&format!("{:>4}.{:03} s  {text}", ms / 1000, ms % 1000));
        self.steps.push(report::Step { ms, text: text.to_owned() });
    }
}

/// The results folder.
struct Results<'a> {
    folder: &'a Path,
    files: Vec<PathBuf>,
}

impl Results<'_> {
    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<PathBuf, DemoError> {
        let path = self.folder.join(name);
        fs::write(&path, bytes).map_err(file_error(&path))?;
        self.files.push(path.clone());
        Ok(path)
    }
}

/// Does DESIGN's five steps and leaves pictures, files and a report in `out`.
///
/// # Errors
/// [`DemoError`], also when a result is not what it has to be: the demo judges its own work.
pub async fn run(out: &Path, say: &(dyn Fn(&str) + Sync)) -> Result<Outcome, DemoError> {
    fs::create_dir_all(out).map_err(file_error(out))?;
    let temporary = tempfile::tempdir().map_err(file_error(out))?;
    let mut narrator = Narrator { started: Instant::now(), say, steps: Vec::new() };
    let mut results = Results { folder: out, files: Vec::new() };

    let platform = person::platform(&temporary.path().join("platform"), |_| {}).await?;
    narrator.tell(&format!("platform     up at {}, TLS under a root of its own", platform.base_url()));
    let phone = person::phone(&platform, &temporary.path().join("phone"))?;

    let password = Zeroizing::new(person::PASSWORD.to_owned());
    let enrolment = phone.enrol(person::ACCOUNT, password, &NoProgress, &Cancel::new()).await?;
    narrator.tell(&format!("1 enrol      {} has phone {}", enrolment.person.name, enrolment.device_id));

    let face = draw(&mut narrator, &mut results)?;
    let (seal, evidence) = claim(&phone, &platform, &face, &mut narrator, &mut results).await?;
    let on_the_line = [SealPlace::At(on_the_line().map_err(Error::from)?)];
    let keyword = Keyword::new(SIGN_TEXT).map_err(Error::from)?.anchor(Anchor::Right);
    let across = [
        SealPlace::OnText { keyword, size_mm: SIGN_BOX_MM },
        SealPlace::AcrossPages { side: Side::Right, size_mm: SIGN_BOX_MM, pages: PageChoice::All },
    ];
    let signed = [
        stamp(&phone, &seal, CONTRACT, "contract", &on_the_line, &mut narrator, &mut results).await?,
        stamp(&phone, &seal, CONTRACT_XREF_STREAM, "contract-xref-stream", &across, &mut narrator, &mut results)
            .await?,
    ];
    verify(&platform, &signed, &evidence, &mut narrator, &mut results)?;
    results.add("platform-root.pem", platform.trust_root_pem().as_bytes())?;
    platform.stop().await;

    narrator.tell("done");
    let page = report::html(&Report { steps: &narrator.steps, seal: seal.record(), signed: &signed });
    let report = results.add("report.html", page.as_bytes())?;
    say(&format!("results in {}: open {}", out.display(), report.display()));
    Ok(Outcome { report, files: results.files })
}

fn draw(narrator: &mut Narrator<'_>, results: &mut Results<'_>) -> Result<Face, DemoError> {
    let ink = Ink::from_json(STROKES).map_err(Error::from)?;
    let size = SizeMm::new(SIGN_BOX_MM[0], SIGN_BOX_MM[1]).map_err(Error::from)?;
    let options = RenderOptions {
        pen: Pen::Fountain,
        color: InkColor::Black,
        size: FaceSize::FitWithin(size),
        ..RenderOptions::default()
    };
    let face = render(&ink, &options).map_err(Error::from)?;
    let png = face.to_png(Dpi::new(600).map_err(Error::from)?).map_err(Error::from)?;
    results.add("face.png", &png)?;
    results.add("face.svg", face.to_svg().as_bytes())?;
    narrator.tell(&format!(
        "2 draw       {} strokes, {} points → face of {:.1} × {:.1} mm; PNG {} bytes at 600 dpi",
        ink.strokes().len(),
        ink.sample_count(),
        face.size().width(),
        face.size().height(),
        png.len()
    ));
    Ok(face)
}

async fn claim(
    phone: &Client,
    platform: &Platform,
    face: &Face,
    narrator: &mut Narrator<'_>,
    results: &mut Results<'_>,
) -> Result<(Seal, Evidence), DemoError> {
    let cancel = Cancel::new();
    let claim = phone.claim_handwritten(face, &NoProgress, &cancel).await?;
    narrator.tell(&format!("3 claim      face handed in for {}", claim.seal_id()));
    let portal = PortalSession::sign_in(platform, person::ACCOUNT, person::PASSWORD).await?;
    let shown = portal.take().await?;
    let picture = portal.frame_png(&shown).await?;
    results.add("portal-code.png", &picture)?;
    let link = camera::read_code(&picture)?;
    narrator.tell("3 scan       portal shows its moving code; the phone read a frame from the picture");
    let consent: Consent = phone.open_consent(&link, Locale::ZhCn, &NoProgress, &cancel).await?;
    narrator.tell(&format!(
        "3 review     “{}”, {} lines, face digested by the phone",
        consent.review().title,
        consent.review().lines.len()
    ));
    let receipt = consent.answer(Decision::Approve, Vec::new(), &NoProgress, &cancel).await?;
    narrator.tell(&format!("3 consent    signed by the consent key, receipt {:.12}…", receipt.digest().to_string()));
    let evidence = consent.evidence(&cancel).await?;
    let json = serde_json::to_vec_pretty(&evidence).map_err(|error| DemoError::Check(error.to_string()))?;
    results.add("consent-evidence.json", &json)?;
    let seal = phone.await_seal(&claim, &NoProgress, &cancel).await?;
    narrator.tell(&format!("3 seal       {} made for {}", seal.record().seal_id, seal.record().owner.name));
    Ok((seal, evidence))
}

async fn stamp(
    phone: &Client,
    seal: &Seal,
    document: &[u8],
    name: &str,
    places: &[SealPlace],
    narrator: &mut Narrator<'_>,
    results: &mut Results<'_>,
) -> Result<Signed, DemoError> {
    let input = results.add(&format!("{name}.pdf"), document)?;
    let output = results.folder.join(format!("{name}-sealed.pdf"));
    let job = StampJob {
        input,
        output: output.clone(),
        name: DisplayText::new(CONTRACT_NAME).map_err(|error| DemoError::Check(error.to_string()))?,
        seal_id: seal.record().seal_id.clone(),
        places: places.to_vec(),
        profile: Profile::Pades,
        level: Level::BaselineB,
        password: None,
        reason: DisplayText::new("签署合同").ok(),
        utc_offset_minutes: 480,
    };
    let Stamped { field, usage } = phone.stamp(&job, &NoProgress, &Cancel::new()).await?;
    results.files.push(output.clone());
    let sealed = fs::read(&output).map_err(file_error(&output))?;
    let size = sealed.len();
    let growth = size.saturating_sub(document.len());
    if sealed.get(..document.len()) != Some(document) {
        return Err(DemoError::Check("the old bytes are not the sealed file's beginning".to_owned()));
    }
    narrator.tell(&format!(
        "4 stamp      {name}.pdf: field {field}, old bytes kept, {growth} bytes appended, use {}",
        usage.usage_id
    ));
    results.add(&format!("{name}-usage.jws"), usage.compact().as_bytes())?;
    let readable = serde_json::to_vec_pretty(&*usage).map_err(|error| DemoError::Check(error.to_string()))?;
    results.add(&format!("{name}-usage.json"), &readable)?;
    let (pages, detail) = draw_pages(name, sealed, results)?;
    Ok(Signed { name: name.to_owned(), file: output, size, growth, usage, pages, detail })
}

/// The sealed pages as pictures, and the seal's surroundings larger.
fn draw_pages(name: &str, sealed: Vec<u8>, results: &mut Results<'_>) -> Result<(Vec<String>, String), DemoError> {
    let mut files = Vec::new();
    let detailed = pages::draw(sealed.clone(), DETAIL_DPI)?;
    for (index, page) in pages::draw(sealed, PAGE_DPI)?.iter().enumerate() {
        let file = format!("{name}-page-{}.png", index + 1);
        results.add(&file, &pages::png(page)?)?;
        files.push(file);
    }
    let page = usize::try_from(SIGN_PAGE - 1).ok().and_then(|index| detailed.get(index));
    let page = page.ok_or_else(|| DemoError::Picture("the sealed page is missing".to_owned()))?;
    let detail = format!("{name}-seal.png");
    results.add(&detail, &pages::png(&pages::crop(page, DETAIL_DPI, DETAIL_MM))?)?;
    Ok((files, detail))
}

/// Everything is judged as a receiver would: from the files alone, with the platform's root.
fn verify(
    platform: &Platform,
    signed: &[Signed],
    evidence: &Evidence,
    narrator: &mut Narrator<'_>,
    results: &mut Results<'_>,
) -> Result<(), DemoError> {
    let anchors = person::trust(platform)?;
    let now = SystemClock::start().unix_time();
    for document in signed {
        let found = verify_document(&document.file, &OpenOptions::new(), &VerifyOptions::new(anchors.clone(), now))?;
        let [signature] = &found.report.signatures[..] else {
            return Err(DemoError::Check("not one signature".to_owned()));
        };
        let is_good = found.report.verdict == Verdict::Valid
            && signature.coverage == Coverage::Whole
            && signature.changes == Changes::None
            && matches!(&found.seals[..], [Some(VerifiedSeal::Genuine(_))]);
        check(is_good, "a sealed document is not valid with a genuine seal")?;
        let time = signature.time.map(|time| time.at.to_string()).unwrap_or_default();
        narrator.tell(&format!(
            "5 verify     {}-sealed.pdf: {} by {} at {time}, {} file, seal genuine",
            document.name,
            signature.verdict,
            signature.signer.as_deref().unwrap_or("-"),
            signature.coverage
        ));
        refuse_tampered(document, &anchors, now, narrator, results)?;
    }
    let proven = evidence.verify(&anchors).proven.is_some();
    check(proven, "the consent's evidence does not convince")?;
    narrator.tell("5 verify     consent evidence convinces offline");
    Ok(())
}

/// A check that cannot fail shows nothing: the same document with one bit changed has to be refused.
fn refuse_tampered(
    document: &Signed,
    anchors: &TrustAnchors,
    now: UnixTime,
    narrator: &mut Narrator<'_>,
    results: &mut Results<'_>,
) -> Result<(), DemoError> {
    let mut bytes = fs::read(&document.file).map_err(file_error(&document.file))?;
    if let Some(byte) = bytes.get_mut(TAMPERED_OFFSET) {
        *byte ^= 1;
    }
    let path = results.add(&format!("{}-tampered.pdf", document.name), &bytes)?;
    let found = verify_document(&path, &OpenOptions::new(), &VerifyOptions::new(anchors.clone(), now))?;
    let broken = found.report.signatures.iter().all(|signature| signature.integrity == Integrity::Broken);
    check(broken && found.report.verdict == Verdict::Invalid, "a tampered document is not refused")?;
    narrator.tell(&format!("5 verify     {}-tampered.pdf, one bit changed: {}", document.name, found.report.verdict));
    Ok(())
}

fn check(holds: bool, what: &str) -> Result<(), DemoError> {
    if holds { Ok(()) } else { Err(DemoError::Check(what.to_owned())) }
}
