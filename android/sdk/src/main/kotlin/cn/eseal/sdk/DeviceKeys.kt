package cn.eseal.sdk

/** What one hardware key is for; no key has two purposes. */
public enum class KeyPurpose {
    /** Signs requests to the platform: no prompt, phone unlocked. */
    REQUEST,

    /** Signs consents: the user's presence at each use. */
    CONSENT,

    /** Signs documents and seals: the user's presence at each use, or once for a batch of documents. */
    SEALING,
}

/** Where a private key is. */
public enum class KeyProtection {
    /** Android's separate secure processor. */
    STRONG_BOX,

    /** The phone's trusted execution environment. */
    TRUSTED_ENVIRONMENT,

    /** Memory. Only a test says this; a platform in production refuses it. */
    SOFTWARE_FOR_HARNESS,
}

/**
 * When the user's presence is asked for before a key signs; fixed when the key is made
 * (`KeyGenParameterSpec.Builder.setUserAuthenticationParameters`).
 */
public sealed interface UserPresence {
    /** Never: the phone being unlocked is enough. Only a request key may be so. */
    public data object NotAsked : UserPresence

    /** Before each signature. */
    public data object EachUse : UserPresence

    /**
     * Once, and then not again as long as the window lasts. Only a sealing key may be so, and only where the platform allows
     * it.
     *
     * @property seconds how long: 1 to 30.
     */
    public data class Window(public val seconds: Int) : UserPresence {
        init {
            require(seconds in 1..30) { "a window of $seconds s" }
        }
    }
}

/**
 * A key that the host holds.
 *
 * @property publicKey the public half: DER `SubjectPublicKeyInfo` of a P-256 key (RFC 5480), as `PublicKey.getEncoded` gives it.
 * @property protection where the private half is.
 * @property presence when the user's presence is asked for.
 * @property attestation what the hardware states about the key: DER certificates, the key's own first; empty where it states
 *   nothing. The platform judges it.
 */
public class DeviceKey(
    public val publicKey: ByteArray,
    public val protection: KeyProtection,
    public val presence: UserPresence,
    public val attestation: List<ByteArray> = emptyList(),
)

/**
 * The host's hardware keys: at most one P-256 key for each purpose, made in hardware and never exported.
 *
 * Contract: a key never signs for another purpose than the one it was made for (on Android: an alias for each purpose).
 * Threading: called on the default dispatcher, several calls at a time; switch to the main thread yourself to show a prompt.
 * Cancellation: when the app cancels the call that needed the key, this coroutine is cancelled, and a prompt must go away.
 * Errors: throw [DeviceKeyException]. Whatever else is thrown reaches the app as `device-key.unexpected` with the class and
 * place of what was thrown, without its message, which could hold personal data.
 */
public interface DeviceKeys {
    /** Makes a new key in place of an earlier one for [purpose], attested for [challenge] where the hardware can. */
    public suspend fun generate(purpose: KeyPurpose, challenge: ByteArray): DeviceKey

    /** The key for [purpose], if there is one. */
    public suspend fun key(purpose: KeyPurpose): DeviceKey?

    /**
     * Signs with the key for [purpose]: ECDSA over the SHA-256 of [bytes], DER (`SHA256withECDSA`). For
     * [KeyPurpose.CONSENT] and [KeyPurpose.SEALING] the user's presence is asked for, with the text of [prompt].
     */
    public suspend fun sign(purpose: KeyPurpose, bytes: ByteArray, prompt: KeyPrompt): ByteArray

    /** Destroys the key for [purpose]; that there is none is no error. */
    public suspend fun delete(purpose: KeyPurpose)
}

/**
 * Why [DeviceKeys] do not do what they are asked.
 *
 * @property reason decides what the app is told: `device-key.user-cancelled` for [Reason.USER_CANCELLED], and so on.
 * @property detail for developers, taken along for [Reason.UNEXPECTED] only: no personal data, no secrets.
 */
public class DeviceKeyException(
    public val reason: Reason,
    public val detail: String = "",
    cause: Throwable? = null,
) : Exception(if (detail.isEmpty()) reason.name else "${reason.name}: $detail", cause) {
    /** The closed list of reasons. */
    public enum class Reason {
        /** The user dismissed the prompt. */
        USER_CANCELLED,

        /** Too many failed tries. */
        LOCKED_OUT,

        /** The key died, as it must when biometrics are enrolled anew or the screen lock is removed. */
        INVALIDATED,

        /** There is no key for this purpose. */
        NOT_ENROLLED,

        /** The hardware cannot be used, now or at all. */
        HARDWARE_UNAVAILABLE,

        /** The key at this place was made for another purpose. */
        WRONG_PURPOSE,

        /** Anything else. */
        UNEXPECTED,
    }
}
