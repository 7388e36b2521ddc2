// swift-tools-version: 5.9
import PackageDescription

// `CESealFFI` is the library's C header; `ESealGenerated` is what UniFFI makes of it; `ESeal` is what an app imports.
// The header and the generated source are put in place by `cargo xtask bindings swift` and never committed.
let package = Package(
    name: "ESeal",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "ESeal", targets: ["ESeal"])],
    targets: [
        .systemLibrary(name: "CESealFFI"),
        .target(name: "ESealGenerated", dependencies: ["CESealFFI"]),
        .target(
            name: "ESeal",
            dependencies: ["ESealGenerated"],
            resources: [.copy("Texts"), .copy("PrivacyInfo.xcprivacy")]
        ),
        .testTarget(name: "ESealTests", dependencies: ["ESeal"]),
    ]
)
