//! The picture of a seal: vector shapes in millimetres, as PNG, SVG, PDF form.
