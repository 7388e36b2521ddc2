//! QR codes: camera frame to text, text to picture.
