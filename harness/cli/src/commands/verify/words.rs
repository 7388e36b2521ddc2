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

pub(super) const fn topic(topic: Topic) -> Words {
    match topic {
        Topic::Form => ["格式", "Form"],
        Topic::Content => ["签名与内容", "Signature and content"],
        Topic::Changes => ["范围与更改", "Coverage and changes"],
        Topic::Seal => ["印章", "Seal"],
        Topic::Signer => ["签署者证书", "Signer's certificate"],
        Topic::Time => ["时间", "Time"],
        Topic::Level => ["签名等级", "Level"],
    }
}

/// What a check is called; `None` for one that has no name but its code.
pub(super) fn check(code: &str) -> Option<Words> {
    Some(match code {
        "verify.no-signature" => ["没有签名", "No signature"],
        "pdf.byte-range" => ["签名覆盖的字节", "Bytes that are covered"],
        "pdf.sub-filter" => ["签名格式名称", "Name of the format"],
        "pdf.coverage" => ["覆盖的版本", "Revision that is covered"],
        "pdf.changes" => ["签署后的更改", "Changes after signing"],
        "pdf.overlay" => ["遮盖已签内容", "Signed content covered over"],
        "pdf.signature-removed" => ["签名被移除", "Signature removed"],
        "pdf.signing-time" | "ofd.signing-time" => ["签署时间", "Signing time"],
        "cms.signature" => ["数字签名", "Digital signature"],
        "cms.signing-certificate" => ["签名所指的证书", "Certificate named by the signature"],
        "sm2.signature" => ["SM2 签名", "Signature of SM2"],
        "cert.trust" => ["证书链", "Certificate path"],
        "cert.revocation" => ["证书吊销", "Revocation"],
        "timestamp.signature" => ["签名时间戳", "Timestamp on the signature"],
        "timestamp.document" => ["文档时间戳", "Timestamp on the document"],
        "timestamp.trust" => ["时间戳机构", "Timestamp authority"],
        "timestamp.revocation" => ["时间戳机构吊销", "Revocation of the authority"],
        "ses.format" => ["电子签章格式", "Format of the seal signature"],
        "ses.signature" => ["签章者的签名", "Signature of the signer"],
        "ses.data-hash" => ["原文摘要", "Digest of the document"],
        "ses.seal-signature" => ["制章者的签名", "Signature of the seal maker"],
        "ses.maker-path" => ["制章者证书链", "Maker's certificate path"],
        "ses.maker-usage" => ["制章者密钥用途", "Maker's key usage"],
        "ses.maker-validity" => ["制章者证书有效期", "Validity of the maker's certificate"],
        "ses.maker-revocation" => ["制章者证书吊销", "Revocation of the maker's certificate"],
        "ses.seal-timestamp" => ["制章时间戳", "Timestamp on the seal"],
        "ses.seal-made-before-timestamp" => ["制章时间", "Date of the seal"],
        "ses.signer-listed" => ["签章者在印章的证书列表中", "Signer in the seal's list"],
        "ses.timestamp" => ["签章时间戳", "Timestamp on the seal signature"],
        "ses.signing-time" => ["签章时间", "Time of sealing"],
        "ses.signer-path" => ["签章者证书链", "Signer's certificate path"],
        "ses.signer-usage" => ["签章者密钥用途", "Signer's key usage"],
        "ses.signer-validity" => ["签章者证书有效期", "Validity of the signer's certificate"],
        "ses.signer-revocation" => ["签章者证书吊销", "Revocation of the signer's certificate"],
        "ses.seal-validity" => ["印章有效期", "Validity of the seal"],
        "ses.property-info" => ["签章所指的原文", "What the signer says was sealed"],
        "ofd.signature-list" => ["签名列表", "List of signatures"],
        "ofd.signature-description" => ["签名描述文件", "Description of the signature"],
        "ofd.signature-type" => ["签名类型", "Type of the signature"],
        "ofd.signed-value" => ["签名值文件", "Value of the signature"],
        "ofd.check-method" => ["摘要算法", "Digest algorithm"],
        "ofd.reference" => ["受保护的文件", "Protected file"],
        "ofd.references" => ["受保护的文件", "Protected files"],
        "ofd.protection" => ["保护方式", "Protection"],
        "ofd.unprotected-file" => ["未受保护的文件", "File that is not protected"],
        "ofd.unprotected-root" => ["入口文件未受保护", "Entry file not protected"],
        "ofd.seal-file" => ["印章文件", "Seal beside the signature"],
        "ofd.stamp" => ["印章位置", "Where the seal is seen"],
        "ofd.manifest" => ["完整性清单", "Integrity manifest"],
        "ofd.manifest-files" => ["清单中的文件", "Files of the manifest"],
        "ofd.smuggled-file" => ["夹带的文件", "File smuggled in"],
        "ofd.missing-file" => ["缺失的文件", "File that is missing"],
        "pades.baseline" => ["基本签名（B-B）", "Baseline (B-B)"],
        "pades.timestamp" => ["带时间戳（B-T）", "With a timestamp (B-T)"],
        "pades.validation-data" => ["含验证数据（B-LT）", "With validation data (B-LT)"],
        "pades.archive" => ["长期归档（B-LTA）", "Archived (B-LTA)"],
        _ => return None,
    })
}
