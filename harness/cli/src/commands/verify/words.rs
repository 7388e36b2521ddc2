//! The words of the page for people, Chinese and English.

use eseal_document::report::{Changes, CheckVerdict, Coverage, Integrity, TimeSource, Topic, Trust, Verdict};

/// Chinese, English.
pub(super) type Words = [&'static str; 2];

pub(super) const fn verdict(verdict: Verdict) -> Words {
    match verdict {
        Verdict::Valid => ["有效", "valid"],
        Verdict::Indeterminate => ["无法确定", "indeterminate"],
        Verdict::Invalid => ["无效", "invalid"],
    }
}

pub(super) const fn check_verdict(verdict: CheckVerdict) -> Words {
    match verdict {
        CheckVerdict::Pass => ["通过", "pass"],
        CheckVerdict::Fail => ["不通过", "fail"],
        CheckVerdict::Warn => ["注意", "note"],
        CheckVerdict::NotChecked => ["未检查", "not checked"],
    }
}

pub(super) const fn integrity(integrity: Integrity) -> Words {
    match integrity {
        Integrity::Intact => ["完整", "intact"],
        Integrity::Unknown => ["无法判断", "not known"],
        Integrity::Broken => ["已破坏", "broken"],
    }
}

pub(super) const fn coverage(coverage: Coverage) -> Words {
    match coverage {
        Coverage::Whole => ["全文", "whole file"],
        Coverage::Revision => ["签署时的版本", "the revision that was signed"],
        Coverage::Partial => ["部分", "a part only"],
    }
}

pub(super) const fn changes(changes: Changes) -> Words {
    match changes {
        Changes::None => ["无", "none"],
        Changes::Permitted => ["允许的更改", "permitted"],
        Changes::Forbidden => ["不允许的更改", "forbidden"],
    }
}

pub(super) const fn trust(trust: Trust) -> Words {
    match trust {
        Trust::Trusted => ["受信任", "trusted"],
        Trust::Untrusted => ["不受信任", "not trusted"],
        Trust::Revoked => ["证书已吊销", "revoked"],
        Trust::Expired => ["签署时证书不在有效期内", "not valid at the time"],
        Trust::Unknown => ["未知", "unknown"],
    }
}

pub(super) const fn time_source(source: TimeSource) -> Words {
    match source {
        TimeSource::Claimed => ["签署者自述", "stated by the signer"],
        TimeSource::Timestamp => ["时间戳证明", "proven by a timestamp"],
        TimeSource::DocumentTimestamp => ["文档时间戳证明", "proven by a document timestamp"],
    }
}

/// What a branch of the report is called.
pub(super) fn topic(topic: Topic) -> Option<Words> {
    named(&format!("topic.{topic}"))
}

/// What a check is called; `None` for one that has no name but its code.
pub(super) fn check(code: &str) -> Option<Words> {
    named(code)
}

/// The apps' names: there is one table for each language, theirs.
fn named(key: &str) -> Option<Words> {
    const TABLES: Words = [
        include_str!("../../../../../android/sdk/src/main/resources/cn/eseal/sdk/checks_zh_CN.properties"),
        include_str!("../../../../../android/sdk/src/main/resources/cn/eseal/sdk/checks_en.properties"),
    ];
    let find = |table: &'static str| table.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    let [chinese, english] = TABLES.map(find);
    Some([chinese?, english?])
}
