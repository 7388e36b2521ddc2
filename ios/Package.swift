// swift-tools-version: 6.0
import PackageDescription

// `CESealFFI` is the library's C header; `ESealGenerated` is what UniFFI makes of it; `ESeal` is what an app imports.
// The header and the generated source are put in place by `cargo xtask test swift` and never committed.
let package = Package(
    name: "ESeal",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "ESeal", targets: ["ESeal"])],
    targets: [
        .systemLibrary(name: "CESealFFI"),
        // Generated code is held to the rules it was written for; ours to Swift 6's strict concurrency.
        .target(
            name: "ESealGenerated",
            dependencies: ["CESealFFI"],
            swiftSettings: [.swiftLanguageMode(.v5)]
        ),
        .target(
            name: "ESeal",
            dependencies: ["ESealGenerated"],
            resources: [.copy("Texts"), .copy("PrivacyInfo.xcprivacy")]
        ),
        .testTarget(name: "ESealTests", dependencies: ["ESeal", "ESealGenerated"]),
    ]
)
