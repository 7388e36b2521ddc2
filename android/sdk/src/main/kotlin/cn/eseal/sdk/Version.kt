package cn.eseal.sdk

import cn.eseal.sdk.generated.sdkVersion

/** The version of the Rust library that this app carries, as `major.minor.patch`. */
public val libraryVersion: String
    get() = sdkVersion()
