package cn.eseal.sdk.harness

import cn.eseal.sdk.scanFrame
import java.awt.image.BufferedImage
import java.io.ByteArrayInputStream
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.ByteBuffer
import javax.imageio.ImageIO
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put

/** A person at the portal's page: the calls that the page makes, over plain HTTP on loopback. */
class Portal(platform: ReferencePlatform, account: Account) {
    private val base = platform.browserUrl
    private val http = HttpClient.newHttpClient()
    private val cookie: String

    init {
        val body = buildJsonObject {
            put("account", account.name)
            put("password", account.password)
        }
        val reply = post("session", body.toString(), cookie = null)
        cookie = reply.headers().firstValue("set-cookie").orElseThrow().substringBefore(';')
    }

    /** What the page shows. */
    fun overview(): JsonObject =
        Json.parseToJsonElement(get("overview").body().decodeToString()).jsonObject.getValue("overview").jsonObject

    /** Presses 立即领取; the claim whose code is then shown. */
    fun take(): String {
        val claim = overview().getValue("claim").jsonObject.getValue("claim_id").jsonPrimitive.content
        post("claims/$claim/take", body = "", cookie)
        return claim
    }

    /** The picture on the screen now. */
    fun frame(claimId: String): BufferedImage = ImageIO.read(ByteArrayInputStream(get("claims/$claimId/frame.png").body()))

    /** What a camera in front of the screen reads now. */
    fun read(claimId: String): String = Frame.of(frame(claimId)).scan().single().text

    private fun get(path: String) = send(request(path, cookie).GET())

    private fun post(path: String, body: String, cookie: String?) =
        send(
            request(path, cookie)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)),
        )

    private fun request(path: String, cookie: String?): HttpRequest.Builder {
        val request = HttpRequest.newBuilder(URI("$base/portal/api/$path")).header("eseal-portal", "1")
        return if (cookie == null) request else request.header("cookie", cookie)
    }

    private fun send(request: HttpRequest.Builder): HttpResponse<ByteArray> {
        val reply = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray())
        check(reply.statusCode() in 200..299) { "the portal answers ${reply.statusCode()}: ${reply.body().decodeToString()}" }
        return reply
    }
}

/** The luminance of a picture, one byte a pixel, rows without gaps. */
class Frame(val width: Int, val height: Int, val luma: ByteArray) {
    fun scan() = scanFrame(width, height, width, ByteBuffer.allocateDirect(luma.size).put(luma).flip())

    companion object {
        fun of(image: BufferedImage): Frame {
            val pixels = image.getRGB(0, 0, image.width, image.height, null, 0, image.width)
            val luma = ByteArray(pixels.size) { at ->
                val (red, green, blue) = listOf(16, 8, 0).map { shift -> pixels[at] shr shift and 0xff }
                (0.299 * red + 0.587 * green + 0.114 * blue).toInt().toByte()
            }
            return Frame(image.width, image.height, luma)
        }
    }
}
