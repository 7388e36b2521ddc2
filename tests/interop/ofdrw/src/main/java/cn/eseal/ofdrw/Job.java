package cn.eseal.ofdrw;

/**
 * One thing to do, as it comes in: a line of JSON.
 *
 * @param task what to do
 * @param file the package to judge or to sign
 * @param out where the signed package goes
 * @param trust where the root of the invented signer goes, PEM
 * @param signer where the invented signer's certificate goes, PEM; a bare signature has none in it
 * @param form how it is signed
 * @param place where the seal is seen
 * @param protection whether others may sign after it
 */
record Job(
        Task task,
        String file,
        String out,
        String trust,
        String signer,
        Form form,
        Place place,
        Protection protection) {

    /** What can be asked. */
    enum Task {
        JUDGE,
        SIGN,
        /** Judges the integrity manifest (GM/T 0099-2020). */
        JUDGE_MANIFEST,
        /** Adds one. */
        CLOSE
    }

    /** What the value of a signature is. */
    enum Form {
        /** GM/T 0031-2014. */
        V1,
        /** GB/T 38540-2020. */
        V4,
        /** GM/T 0031-2025. */
        V5,
        /** GB/T 35275-2017 with the digest in it. */
        CMS,
        /** GB/T 35275-2017 with signed attributes. */
        CMS_ATTRIBUTES,
        /** SM2 and nothing else. */
        BARE
    }

    /** Where a seal of 40 mm is seen. */
    enum Place {
        NOWHERE,
        PAGE_1,
        RIGHT,
        LEFT,
        TOP,
        BOTTOM
    }

    /** Whether the list of signatures is protected. */
    enum Protection {
        CONTINUE,
        WHOLE
    }
}
