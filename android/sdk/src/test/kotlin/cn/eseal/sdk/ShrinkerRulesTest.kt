package cn.eseal.sdk

import cn.eseal.sdk.generated.EsealClient
import com.sun.jna.Callback
import com.sun.jna.Library
import com.sun.jna.Structure
import java.io.File
import java.net.URI
import java.util.jar.JarFile
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The R8 rules that apps take from this library still name everything that native code reaches by name. */
class ShrinkerRulesTest {
    private val rules: List<String> =
        checkNotNull(javaClass.getResourceAsStream("/META-INF/proguard/eseal.pro")).bufferedReader().readLines()

    @Test
    fun `JNA is kept whole, and what implements its types`() {
        assertTrue("-keep class com.sun.jna.** { *; }" in rules)
        assertTrue("-keep class * implements com.sun.jna.** { *; }" in rules)
    }

    @Test
    fun `every structure and callback of the library is kept`() {
        val kept = rules.mapNotNull { Regex("""-keep class ([\w.]+)\.\*\* \{ \*; }""").matchEntire(it)?.groupValues?.get(1) }
        val reached = classesBeside(EsealClient::class.java).filter { type ->
            listOf(Structure::class.java, Callback::class.java, Library::class.java).any { it.isAssignableFrom(type) }
        }
        assertTrue(reached.size > 20, "only ${reached.size} classes found")
        for (type in reached) assertTrue(kept.any { type.name.startsWith("$it.") }, type.name)
    }

    private fun classesBeside(one: Class<*>): List<Class<*>> {
        val place = File(URI(one.protectionDomain.codeSource.location.toString()))
        val files = if (place.isDirectory) {
            place.walk().filter { it.isFile }.map { it.relativeTo(place).invariantSeparatorsPath }.toList()
        } else {
            JarFile(place).use { jar -> jar.entries().asSequence().map { it.name }.toList() }
        }
        return files.filter { it.endsWith(".class") && !it.startsWith("META-INF") }
            .map { Class.forName(it.removeSuffix(".class").replace('/', '.'), false, one.classLoader) }
    }
}
