package cn.eseal.sdk.harness

import cn.eseal.sdk.InkPath
import cn.eseal.sdk.PadPaint
import java.awt.Color
import java.awt.RenderingHints
import java.awt.geom.Path2D
import java.awt.image.BufferedImage
import java.awt.image.DataBufferByte
import kotlin.math.abs

/** A drawing surface of an app, 50 × 30 mm, that does what a pad says. */
internal class Surface {
    private val layer = blank()
    private var shown = layer

    fun show(paint: PadPaint) {
        if (paint.startsOver) layer.raster.setPixels(0, 0, WIDTH, HEIGHT, IntArray(WIDTH * HEIGHT))
        paint.stable.forEach { layer.fill(it) }
        shown = blank()
        layer.copyData(shown.raster)
        shown.fill(paint.tail)
        shown.fill(paint.predicted)
    }

    /** Pixels by which it differs from another by more than a half. */
    fun differsFrom(other: Surface): Int {
        val (one, two) = pixels() to other.pixels()
        return one.indices.count { abs((one[it].toInt() and 255) - (two[it].toInt() and 255)) > 128 }
    }

    fun inked(): Int = pixels().count { it.toInt() and 255 > 128 }

    private fun pixels() = (shown.raster.dataBuffer as DataBufferByte).data

    private companion object {
        const val PX_A_MM = 12
        const val WIDTH = 50 * PX_A_MM
        const val HEIGHT = 30 * PX_A_MM

        fun blank() = BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY)

        fun BufferedImage.fill(path: InkPath) {
            val canvas = createGraphics()
            canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON)
            canvas.scale(PX_A_MM.toDouble(), PX_A_MM.toDouble())
            canvas.color = Color.WHITE
            canvas.fill(path.asPath2D())
            canvas.dispose()
        }

        fun InkPath.asPath2D() = Path2D.Float(Path2D.WIND_NON_ZERO).also { path ->
            forEach(object : InkPath.Sink {
                override fun begin(x: Float, y: Float) = path.moveTo(x, y)
                override fun line(x: Float, y: Float) = path.lineTo(x, y)
                override fun curve(x1: Float, y1: Float, x2: Float, y2: Float, x: Float, y: Float) =
                    path.curveTo(x1, y1, x2, y2, x, y)
                override fun close() = path.closePath()
            })
        }
    }
}
