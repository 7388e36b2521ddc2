package cn.eseal.sdk

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

class VersionTest {
    @Test
    fun `library and package are of one version`() {
        assertEquals(System.getProperty("eseal.version"), libraryVersion)
    }
}
