//! `cargo xtask ios`: the library for iPhones and their simulator, compiled and put into an `XCFramework`.
//!
//! Nothing is linked: that takes Apple's own libraries. What ships is built with Xcode.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bindings::{self, Language};
use crate::cross::{self, Target};
use crate::process::answer;
use crate::setup;
use crate::workspace::Workspace;

/// The oldest iOS that the package says it supports (`ios/Package.swift`).
const OLDEST_IOS: &str = "15.0";
/// The module that the generated Swift imports.
const MODULE: &str = "CESealFFI";

/// What an `XCFramework` has one library each for.
struct Slice {
    /// Its folder there.
    identifier: &'static str,
    /// Rust's name.
    triple: &'static str,
    /// clang's name, without the version.
    clang: &'static str,
    /// What follows the version in clang's name.
    environment: &'static str,
}

const SLICES: [Slice; 2] = [
    Slice { identifier: "ios-arm64", triple: "aarch64-apple-ios", clang: "arm64-apple-ios", environment: "" },
    Slice {
        identifier: "ios-arm64-simulator",
        triple: "aarch64-apple-ios-sim",
        clang: "arm64-apple-ios",
        environment: "-simulator",
    },
];

/// Compiles for both, and assembles.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), String> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {}
        ["--setup"] => setup::install(workspace, cross::PACKAGES)?,
        _ => return Err("ios: takes nothing but --setup".to_owned()),
    }
    let missing = setup::missing(cross::PACKAGES);
    if !missing.is_empty() {
        println!("SKIPPED: ios: not installed: {} (--setup installs them)", missing.join(" "));
        return Ok(());
    }
    let header = bindings::generate(workspace, Language::Swift)?.sources.join(format!("{MODULE}.h"));
    let framework = workspace.target().join("ios").join(format!("{MODULE}.xcframework"));
    let _ = fs::remove_dir_all(&framework);
    for slice in &SLICES {
        let archive = build(workspace, slice)?;
        bundle(&framework.join(slice.identifier).join(format!("{MODULE}.framework")), &archive, &header)
            .map_err(|error| format!("{}: {error}", framework.display()))?;
    }
    fs::write(framework.join("Info.plist"), xcframework_plist()).map_err(|error| error.to_string())?;
    println!(
        "\n{}\nThese libraries were compiled, not linked and never run: no Xcode was there. What ships is built with Xcode.",
        framework.display()
    );
    Ok(())
}

/// Compiles one slice and tells what came out.
fn build(workspace: &Workspace, slice: &Slice) -> Result<PathBuf, String> {
    let log = workspace.log(slice.identifier);
    println!("{}: compiling, which takes some minutes; watch {}", slice.identifier, log.display());
    let sdk = workspace.target().join("ios/sdk").join(slice.identifier);
    let includes = sdk.join("usr/include");
    fs::create_dir_all(&includes).map_err(|error| error.to_string())?;
    fs::write(includes.join("TargetConditionals.h"), target_conditionals(slice)).map_err(|error| error.to_string())?;
    let target = Target {
        triple: slice.triple,
        c_flags: format!(
            "--target={}{OLDEST_IOS}{} -nostdlibinc -DRING_CORE_NOSTDLIBINC=1 -I{}",
            slice.clang,
            slice.environment,
            includes.display()
        ),
        variables: vec![("SDKROOT", sdk), ("IPHONEOS_DEPLOYMENT_TARGET", OLDEST_IOS.into())],
    };
    let archive = cross::static_library(workspace, &target, &log)?;
    let oldest = oldest_system(&archive)?;
    if oldest != [OLDEST_IOS] {
        return Err(format!("{}: objects ask for iOS {}", slice.identifier, oldest.join(", ")));
    }
    let size = fs::metadata(&archive).map_err(|error| error.to_string())?.len();
    println!("{}: {size} bytes as a static library, all objects for iOS {OLDEST_IOS} and later", slice.identifier);
    Ok(archive)
}

/// The oldest systems that the objects inside an archive name.
fn oldest_system(archive: &Path) -> Result<Vec<String>, String> {
    let mut otool = Command::new("llvm-otool-22");
    let said = answer(otool.arg("-l").arg(archive)).ok_or_else(|| format!("{} cannot be read", archive.display()))?;
    let mut named: Vec<String> = said
        .lines()
        .filter_map(|line| line.trim().strip_prefix("minos ").or_else(|| line.trim().strip_prefix("version ")))
        .map(|version| version.trim().to_owned())
        .filter(|version| version.contains('.'))
        .collect();
    named.sort();
    named.dedup();
    Ok(named)
}

/// What ring's C asks Apple's header for, and no more.
fn target_conditionals(slice: &Slice) -> String {
    let simulator = u8::from(!slice.environment.is_empty());
    let mut header = String::from("#pragma once\n");
    for (name, value) in [
        ("TARGET_CPU_ARM64", 1),
        ("TARGET_OS_IOS", 1),
        ("TARGET_OS_IPHONE", 1),
        ("TARGET_OS_MAC", 1),
        ("TARGET_OS_MACCATALYST", 0),
        ("TARGET_OS_OSX", 0),
        ("TARGET_OS_SIMULATOR", simulator),
        ("TARGET_OS_TV", 0),
        ("TARGET_OS_VISION", 0),
        ("TARGET_OS_WATCH", 0),
    ] {
        header.push_str(&format_define(name, value));
    }
    header
}

fn format_define(name: &str, value: u8) -> String {
    format!("#define {name} {value}\n")
}

/// One slice as a real framework: Xcode no longer looks for module maps beside a bare library, and two libraries with a map
/// in one folder of headers collide.
fn bundle(framework: &Path, archive: &Path, header: &Path) -> std::io::Result<()> {
    let (headers, modules) = (framework.join("Headers"), framework.join("Modules"));
    fs::create_dir_all(&headers)?;
    fs::create_dir_all(&modules)?;
    fs::copy(archive, framework.join(MODULE))?;
    fs::copy(header, headers.join(format!("{MODULE}.h")))?;
    let map = format!("framework module {MODULE} {{\n    header \"{MODULE}.h\"\n    export *\n}}\n");
    fs::write(modules.join("module.modulemap"), map)?;
    let entries = [
        ("CFBundleExecutable", MODULE),
        ("CFBundleIdentifier", "cn.eseal.CESealFFI"),
        ("CFBundleInfoDictionaryVersion", "6.0"),
        ("CFBundleName", MODULE),
        ("CFBundlePackageType", "FMWK"),
        ("CFBundleShortVersionString", env!("CARGO_PKG_VERSION")),
        ("CFBundleVersion", "1"),
        ("MinimumOSVersion", OLDEST_IOS),
    ];
    fs::write(framework.join("Info.plist"), plist(&strings(&entries)))
}

fn xcframework_plist() -> String {
    let libraries = SLICES.map(|slice| {
        let path = format!("{MODULE}.framework");
        let mut entries =
            strings(&[("LibraryIdentifier", slice.identifier), ("LibraryPath", &path), ("SupportedPlatform", "ios")]);
        entries.push_str("<key>SupportedArchitectures</key><array><string>arm64</string></array>\n");
        if !slice.environment.is_empty() {
            entries.push_str(&strings(&[("SupportedPlatformVariant", "simulator")]));
        }
        format!("<dict>\n{entries}</dict>\n")
    });
    let package = strings(&[("CFBundlePackageType", "XFWK"), ("XCFrameworkFormatVersion", "1.0")]);
    plist(&format!("<key>AvailableLibraries</key>\n<array>\n{}</array>\n{package}", libraries.concat()))
}

fn strings(entries: &[(&str, &str)]) -> String {
    entries
        .iter()
        .map(|(key, value)| format!("<key>{key}</key><string>{value}</string>\n"))
        .collect::<Vec<_>>()
        .concat()
}

fn plist(entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n{entries}</dict>\n</plist>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::{SLICES, target_conditionals, xcframework_plist};

    #[test]
    fn only_the_simulator_is_one() {
        let [phone, simulator] = SLICES.map(|slice| target_conditionals(&slice));
        assert!(phone.contains("TARGET_OS_SIMULATOR 0") && simulator.contains("TARGET_OS_SIMULATOR 1"));
    }

    #[test]
    fn the_framework_s_list_names_each_slice_once() {
        let plist = xcframework_plist();
        for slice in SLICES {
            assert_eq!(plist.matches(&format!("<string>{}</string>", slice.identifier)).count(), 1);
        }
        assert_eq!(plist.matches("SupportedPlatformVariant").count(), 1);
        assert_eq!(plist.matches("<dict>").count(), plist.matches("</dict>").count());
    }
}
