package cn.eseal.sdk

/**
 * The host's store for small secrets and state, sealed to this phone and this app and left out of backups.
 *
 * Names are 1 to 64 characters of `a-z 0-9 . -` and can be file names; values are at most 4 MiB.
 * Threading: called on the default dispatcher, several calls at a time; reading and writing files here is fine.
 * Errors: throw [SealedStoreException]. Whatever else is thrown reaches the app as `store.unexpected`, with the class and
 * place of what was thrown.
 */
public interface SealedStore {
    /** The value of [name], if there is one. The library wipes its copy; this side's array is for the host to wipe. */
    public suspend fun read(name: String): ByteArray?

    /** Puts [bytes] in place of an earlier value: afterwards the old value is there or the new one, whole. */
    public suspend fun writeAtomic(name: String, bytes: ByteArray)

    /** Removes a value; that there is none is no error. */
    public suspend fun delete(name: String)
}

/**
 * Why a [SealedStore] does not do what it is asked.
 *
 * @property reason decides what the app is told: `store.locked` for [Reason.LOCKED], and so on.
 * @property detail for developers, taken along for [Reason.UNEXPECTED] only: no personal data, no secrets.
 */
public class SealedStoreException(
    public val reason: Reason,
    public val detail: String = "",
    cause: Throwable? = null,
) : Exception(if (detail.isEmpty()) reason.name else "${reason.name}: $detail", cause) {
    /** The closed list of reasons. */
    public enum class Reason {
        /** The store cannot be opened while the phone is locked. */
        LOCKED,

        /** No room left. */
        FULL,

        /** What is there cannot be unsealed any more. */
        DAMAGED,

        /** Anything else. */
        UNEXPECTED,
    }
}
