package cn.eseal.peers;

/**
 * One thing to do, as it comes in: a line of JSON.
 *
 * @param task what to do
 * @param file the PDF to judge or to sign
 * @param trust PEM: to be read when judging (the anchors), to be written when signing (the root of the invented signer)
 * @param crl DER, may be absent: the anchor's revocation list, for a judge that asks for one
 * @param out where the signed file goes
 * @param level when signing with DSS: {@code B}, {@code T}, {@code LT} or {@code LTA}; when signing with PDFBox: the
 *     {@code SubFilter}; when judging by veraPDF: the flavour, such as {@code 2b} or {@code ua1}; when judging by DSS: the level
 *     that the file claims, may be absent
 */
record Job(Task task, String file, String trust, String crl, String out, String level) {

    /** What can be asked. */
    enum Task {
        JUDGE_PDFBOX,
        JUDGE_DSS,
        JUDGE_VERAPDF,
        SIGN_PDFBOX,
        SIGN_DSS
    }
}
