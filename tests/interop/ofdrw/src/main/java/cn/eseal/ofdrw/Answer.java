package cn.eseal.ofdrw;

/**
 * What ofdrw says, as it goes out: a line of JSON.
 *
 * @param verdict the outcome
 * @param detail what else it said
 */
record Answer(Verdict verdict, String detail) {

    /** The outcomes. */
    enum Verdict {
        /** Done; or: every signature holds, and so does the seal of each. */
        ACCEPTED,
        /** A file, a description or a seal is not what was signed. */
        CHANGED,
        /** This release of ofdrw does not know it. */
        UNKNOWN,
        /** Anything else it did not like. */
        ERROR
    }
}
