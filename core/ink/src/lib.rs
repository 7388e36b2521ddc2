//! Strokes of a pen or finger into a seal face.
