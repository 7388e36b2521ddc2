package cn.eseal.sdk

import cn.eseal.sdk.generated.SealFace as GeneratedFace

/**
 * A seal's picture: vector shapes of a size in mm, on a transparent ground.
 *
 * Threading: immutable, safe from any thread; [png] computes for some milliseconds.
 * Lifetime: holds native memory until [close]; a forgotten one is freed some time after it became unreachable. Closing twice is
 * fine; every other use after [close] throws [IllegalStateException].
 */
public class SealFace internal constructor(internal val generated: GeneratedFace) : AutoCloseable {
    /** Width, mm. */
    public val widthMm: Double = generated.widthMm()

    /** Height, mm. */
    public val heightMm: Double = generated.heightMm()

    /** As SVG, sizes in mm. */
    public fun svg(): String = translated { generated.svg() }

    /**
     * As PNG with transparency at [dpi] dots an inch, 72 to 1200.
     *
     * @throws EsealException `face.dpi`, `face.too-many-pixels`.
     */
    public fun png(dpi: Int): ByteArray = translated { generated.png(dpi.toUInt()) }

    override fun close(): Unit = generated.close()

    public companion object {
        /**
         * A face in the SVG subset that [svg] writes.
         *
         * @throws EsealException `face.…`.
         */
        @JvmStatic
        public fun fromSvg(svg: String): SealFace = translated { SealFace(GeneratedFace.fromSvg(svg)) }
    }
}
