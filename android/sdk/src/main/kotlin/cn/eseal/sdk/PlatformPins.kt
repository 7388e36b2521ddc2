package cn.eseal.sdk

/**
 * Which platform an app belongs to. All of it is pinned in the app.
 *
 * @property baseUrl `https://host[:port]`.
 * @property tlsRootsPem roots of the platform's TLS certificate, PEM; nothing else is believed, the phone's own roots neither.
 * @property platformRootsPem roots of relying parties, the consent service and the seal maker, PEM.
 * @property linkHost the host in the platform's QR codes.
 * @property timestampUrl who timestamps signatures above [SignatureLevel.BASELINE_B] (RFC 3161), `http` or `https`.
 */
public data class PlatformPins(
    public val baseUrl: String,
    public val tlsRootsPem: String,
    public val platformRootsPem: String,
    public val linkHost: String,
    public val timestampUrl: String? = null,
)
