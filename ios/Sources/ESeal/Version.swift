internal import ESealGenerated

/// The Rust library that this app carries.
public enum ESealLibrary {
    /// Its version, as `major.minor.patch`.
    public static var version: String { sdkVersion() }
}
