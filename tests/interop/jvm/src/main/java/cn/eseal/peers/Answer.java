package cn.eseal.peers;

/**
 * What a peer says of a file, as it goes out: a line of JSON.
 *
 * @param verdict the outcome
 * @param level the levels that the judge found, first signature first, comma between them; empty where it knows none
 * @param detail what else it said
 */
record Answer(Verdict verdict, String level, String detail) {

    /** The outcomes. */
    enum Verdict {
        /** Every signature holds, leads to the anchor, and together they cover the whole file; or: the file conforms. */
        ACCEPTED,
        /** A signature does not hold over the bytes that it names. */
        CHANGED,
        /** The signatures hold, and one of them does not lead to the anchor. */
        UNTRUSTED,
        /** The signatures hold, and something was added that none of them covers. */
        PARTIAL,
        /** Anything else the peer did not like. */
        REFUSED,
        /** There is no signature. */
        UNSIGNED,
        /** The peer broke. */
        ERROR
    }

    static Answer of(Verdict verdict, String detail) {
        return new Answer(verdict, "", detail);
    }
}
