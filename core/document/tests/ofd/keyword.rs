//! Seals placed on words of OFD pages.

use eseal_document::ofd::{Mark, Ofd, OfdError};
use eseal_document::pdf::{Anchor, Keyword, Occurrence, PageIndex};
use eseal_document::report::Verdict;
use eseal_testkit::ofd::document;

use crate::party::Party;

const CONTRACT: &[u8] = include_bytes!("../../../../tests/fixtures/ofd/contract.ofd");

fn find(file: &[u8], keyword: &Keyword) -> Result<Vec<Mark>, OfdError> {
    Ofd::open(file).unwrap().find_keyword(keyword, [20.0, 20.0])
}

fn word(text: &str) -> Keyword {
    Keyword::new(text).unwrap()
}

fn mark(page: i32, middle: [f64; 2]) -> Mark {
    Mark::new(PageIndex::new(page), middle.map(|mm| mm - 10.0), [20.0, 20.0]).unwrap()
}

/// Page by page, and millimetre by millimetre, as they are told to developers.
#[track_caller]
fn assert_near(found: &[Mark], expected: &[Mark]) {
    let numbers = |marks: &[Mark]| -> Vec<f64> {
        let text = format!("{marks:?}");
        text.split(|c: char| !matches!(c, '0'..='9' | '.' | '-')).filter_map(|number| number.parse().ok()).collect()
    };
    let (found, expected) = (numbers(found), numbers(expected));
    let is_near = found.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() < 0.01);
    assert!(found.len() == expected.len() && is_near, "{found:?}\n{expected:?}");
}

/// A page with these text objects, as the document's last.
fn with(objects: &str) -> Vec<u8> {
    let mut zip = document(2);
    let page = zip.item("Doc_0/Pages/Page_1/Content.xml");
    let text = String::from_utf8(page.bytes.clone()).unwrap();
    page.bytes = text.replace("</ofd:Layer>", &format!("{objects}</ofd:Layer>")).into_bytes();
    zip.write()
}

#[test]
fn a_word_is_found_over_runs_and_over_objects() {
    // Eight letters of 4.2 mm from 25 mm on; the box reaches from the line's top by 1.0 letter's size down.
    assert_near(&find(CONTRACT, &word("甲方（盖章）：")).unwrap(), &[mark(10, [25.0 + 3.5 * 4.2, 180.0 + 2.1])]);
    assert_near(&find(CONTRACT, &word("乙方(签字)")).unwrap(), &[mark(10, [115.0 + 3.0 * 4.2, 180.0 + 2.1])]);
    assert_near(&find(CONTRACT, &word("2026年11月")).unwrap().as_slice()[..1], &[mark(10, [25.0 + 7.0 * 4.2, 222.1])]);
}

#[test]
fn occurrences_are_counted_page_by_page() {
    let file = document(3).write();
    let number = |number| find(&file, &word("page").occurrence(Occurrence::from_number(number).unwrap()));
    let pages = |marks: Vec<Mark>| marks.iter().map(|mark| format!("{mark:?}")).collect::<Vec<_>>();
    let all = pages(number(0).unwrap());
    assert_eq!(all.len(), 3);
    for (which, expected) in [(1, 0), (2, 1), (3, 2), (-1, 2)] {
        assert_eq!(pages(number(which).unwrap()), [all[expected].clone()]);
    }
    assert_eq!(number(4).unwrap_err().code(), "ofd.keyword-not-found");
    assert_eq!(find(&file, &word("nowhere")).unwrap_err().code(), "ofd.keyword-not-found");
}

#[test]
fn the_seal_goes_beside_the_word_and_stays_on_the_page() {
    let at = |anchor, offset| find(CONTRACT, &word("甲方（盖章）：").anchor(anchor).offset_mm(offset)).unwrap();
    let (left, right, middle) = (25.0, 25.0 + 7.0 * 4.2, 182.1);
    assert_near(&at(Anchor::Right, [0.0, 0.0]), &[mark(10, [right + 10.0, middle])]);
    assert_near(&at(Anchor::Below, [2.0, 3.0]), &[mark(10, [f64::midpoint(left, right) + 2.0, 184.2 + 13.0])]);
    assert_near(&at(Anchor::Left, [-100.0, 0.0]), &[mark(10, [10.0, middle])]);
    let nan = word("甲方（盖章）：").offset_mm([f64::NAN, 0.0]);
    assert_eq!(find(CONTRACT, &nan).unwrap_err().code(), "ofd.outside-page");
}

#[test]
fn text_is_where_matrix_and_direction_put_it() {
    let turned = "<ofd:TextObject Boundary=\"100 100 50 50\" CTM=\"0 1 -1 0 0 0\" Size=\"10\"><ofd:TextCode X=\"0\" Y=\"0\" \
                  DeltaX=\"10\">盖章</ofd:TextCode></ofd:TextObject>";
    // Turned by a quarter, to the right: the letters stand right of x = 100 by their descent, and left of it.
    assert_near(&find(&with(turned), &word("盖章")).unwrap(), &[mark(2, [100.0 + 10.0 * (0.88 - 0.12) / 2.0, 110.0])]);
    let down = "<ofd:TextObject Boundary=\"100 100 50 50\" Size=\"10\"><ofd:TextCode X=\"0\" Y=\"8.8\" DeltaX=\"0\" \
                DeltaY=\"12\">盖章</ofd:TextCode></ofd:TextObject>";
    assert_eq!(find(&with(down), &word("盖章")).unwrap().len(), 1);
    let block = "<ofd:PageBlock ID=\"9\"><ofd:TextObject Boundary=\"100 100 50 50\" Size=\"10\"><ofd:TextCode X=\"0\" \
                 Y=\"8.8\">盖 &#x7AE0;</ofd:TextCode></ofd:TextObject></ofd:PageBlock>";
    assert_eq!(find(&with(block), &word("盖章")).unwrap().len(), 1);
}

#[test]
fn text_of_templates_counts() {
    let mut zip = document(2);
    let replace = |zip: &mut eseal_testkit::ofd::Zip, name: &str, from: &str, to: &str| {
        let item = zip.item(name);
        item.bytes = String::from_utf8(item.bytes.clone()).unwrap().replacen(from, to, 1).into_bytes();
    };
    let template = "<ofd:TemplatePage ID=\"70\" BaseLoc=\"Tpls/Tpl_0/Content.xml\"/></ofd:CommonData>";
    replace(&mut zip, "Doc_0/Document.xml", "</ofd:CommonData>", template);
    let named = "<ofd:Template TemplateID=\"70\"/><ofd:Content>";
    replace(&mut zip, "Doc_0/Pages/Page_1/Content.xml", "<ofd:Content>", named);
    let content = "<Page><Content><Layer><TextObject Boundary='20 250 80 10' Size='5'><TextCode X='0' Y='4'>骑缝</TextCode>\
                   </TextObject></Layer></Content></Page>";
    zip.entries.push(eseal_testkit::ofd::Item::new("Doc_0/Tpls/Tpl_0/Content.xml", content.as_bytes()));
    let found = find(&zip.write(), &word("骑缝")).unwrap();
    assert_near(&found, &[mark(2, [25.0, 250.0 + 4.0 - 5.0 * 0.38])]);
}

#[test]
fn numbers_that_are_none_show_nothing_and_do_no_harm() {
    for bad in [
        "<ofd:TextObject Boundary=\"1 2 3\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"4\">坏</ofd:TextCode></ofd:TextObject>",
        "<ofd:TextObject Boundary=\"1 2 3 4\"><ofd:TextCode X=\"0\" Y=\"4\">坏</ofd:TextCode></ofd:TextObject>",
        "<ofd:TextObject Boundary=\"1 2 3 4\" Size=\"NaN\"><ofd:TextCode X=\"0\" Y=\"4\">坏</ofd:TextCode></ofd:TextObject>",
        "<ofd:TextObject Boundary=\"1 2 3 4\" Size=\"1e300\"><ofd:TextCode X=\"1e300\" Y=\"4\">坏</ofd:TextCode></ofd:TextObject>",
    ] {
        assert_eq!(find(&with(bad), &word("坏")).unwrap_err().code(), "ofd.keyword-not-found", "{bad}");
    }
    let many = format!(
        "<ofd:TextObject Boundary=\"1 2 3 4\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"4\" DeltaX=\"g 400000 0\">{}</ofd:TextCode></ofd:TextObject>",
        "多".repeat(300_000)
    );
    assert_eq!(find(&with(&many), &word("坏")).unwrap_err().code(), "ofd.limit-exceeded");
}

#[test]
fn what_is_placed_on_a_word_is_sealed_there() {
    let party = Party::new("测试人甲", 1);
    let marks = find(CONTRACT, &word("（盖章）").anchor(Anchor::Right)).unwrap();
    let sealed = party.seal_with(CONTRACT, &party.request().marks(marks)).unwrap();
    let report = party.verify(&sealed);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let stamp = report.signatures[0].checks.iter().find(|check| check.code == "ofd.stamp").unwrap();
    assert!(stamp.detail.starts_with("page 10: 20×20 mm at 50.2, 172"), "{}", stamp.detail);
}
