package cn.eseal.sdk.harness

import cn.eseal.sdk.PlatformPins
import java.util.concurrent.TimeUnit
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.extension.ExtensionContext
import org.junit.jupiter.api.extension.ExtensionContext.Namespace
import org.junit.jupiter.api.extension.ParameterContext
import org.junit.jupiter.api.extension.ParameterResolver

/** An account that the platform was started with. */
class Account(val name: String, val password: String, val personName: String)

/** The reference platform as a process of its own: `eseal serve --json`. It ends when its standard input does. */
class ReferencePlatform : AutoCloseable {
    private val process: Process =
        ProcessBuilder(System.getProperty("eseal.command"), "serve", "--json")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()

    private val ready: JsonElement = run {
        val line = process.inputStream.bufferedReader().readLine()
        Json.parseToJsonElement(checkNotNull(line) { "the platform did not start" })
    }

    val pins =
        PlatformPins(
            text("base_url"),
            text("tls_root_pem"),
            text("trust_root_pem"),
            text("link_host"),
            timestampUrl = "${text("pki_url")}/tsa",
        )
    val browserUrl = text("browser_url")

    private val accounts =
        ready.jsonObject.getValue("accounts").jsonArray.map { it.jsonObject }.map { account ->
            fun field(name: String) = account.getValue(name).jsonPrimitive.content
            Account(field("account"), field("password"), field("name"))
        }
    val jiang = accounts.first { it.name == "jiang" }
    val luo = accounts.first { it.name == "luo" }

    private fun text(name: String) = ready.jsonObject.getValue(name).jsonPrimitive.content

    override fun close() {
        process.outputStream.close()
        if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly()
    }

    /** One platform for all test classes of a run, as a parameter of their constructors. */
    class Shared : ParameterResolver {
        override fun supportsParameter(parameter: ParameterContext, context: ExtensionContext) =
            parameter.parameter.type == ReferencePlatform::class.java

        override fun resolveParameter(parameter: ParameterContext, context: ExtensionContext): ReferencePlatform =
            context.root.getStore(Namespace.GLOBAL)
                .getOrComputeIfAbsent(ReferencePlatform::class.java, { ReferencePlatform() }, ReferencePlatform::class.java)
    }
}
