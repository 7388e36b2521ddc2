//! Reads back what [`Face::to_svg`] writes, and nothing else.
//!
//! This is no SVG reader. Faces come from outside (a platform, a file), are shown in browsers and stamped into
//! documents; a reader that knows no script, link, style, entity or transform cannot be tricked by one.

use crate::grid::to_mm;
use crate::{Color, Contour, Face, FaceError, Layer, MAX_PATHS, MAX_POINTS, Path, Point, Segment, SizeMm};

/// The longest text [`Face::from_svg`] reads, bytes.
pub const MAX_SVG_BYTES: usize = 4 << 20;

/// The most digits before the decimal point; 200 mm and a margin need three.
const MAX_WHOLE_DIGITS: usize = 3;

impl Face {
    /// Reads a face written by [`Face::to_svg`]; a line end after `</svg>` may be missing.
    ///
    /// ```text
    /// face    = '<svg xmlns="http://www.w3.org/2000/svg" width="' n 'mm" height="' n 'mm" viewBox="0 0 ' n ' ' n '">' layer+ '</svg>' '\n'?
    /// layer   = '<g fill="#' 6 lower-case hex digits '">' ( '<path d="' contour+ '"/>' )+ '</g>'
    /// contour = 'M' n n ( 'l' (n n)+ | 'c' (n n n n n n)+ )+ 'z'
    /// n       = ' '? '-'? digits ( '.' 1 to 3 digits )?      (digits may be missing before the point)
    /// ```
    ///
    /// # Errors
    /// [`FaceError::Svg`] with the place and what was expected; [`FaceError::TooComplex`]; and what [`Face::new`]
    /// and [`SizeMm::new`] refuse.
    pub fn from_svg(svg: &str) -> Result<Self, FaceError> {
        let mut reader = Reader { text: svg.as_bytes(), at: 0, points: 0, paths: 0 };
        if svg.len() > MAX_SVG_BYTES {
            return Err(reader.expected("at most 4 MiB"));
        }
        let face = reader.face()?;
        let _ = reader.took("\n");
        if reader.at == svg.len() { Ok(face) } else { Err(reader.expected("the end")) }
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    points: usize,
    paths: usize,
}

impl Reader<'_> {
    fn expected(&self, expected: &'static str) -> FaceError {
        FaceError::Svg { offset: self.at, expected }
    }

    fn took(&mut self, literal: &str) -> bool {
        let found = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(literal.as_bytes()));
        if found {
            self.at += literal.len();
        }
        found
    }

    fn take(&mut self, literal: &'static str) -> Result<(), FaceError> {
        if self.took(literal) { Ok(()) } else { Err(self.expected(literal)) }
    }

    fn face(&mut self) -> Result<Face, FaceError> {
        self.take("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")?;
        let width = self.number()?;
        self.take("mm\" height=\"")?;
        let height = self.number()?;
        self.take("mm\" viewBox=\"0 0")?;
        if self.number()? != width || self.number()? != height {
            return Err(self.expected("a viewBox that repeats width and height"));
        }
        self.take("\">")?;
        let size = SizeMm::new(to_mm(width), to_mm(height))?;
        let mut layers = Vec::new();
        while !self.took("</svg>") {
            layers.push(self.layer()?);
        }
        Face::new(size, layers)
    }

    fn layer(&mut self) -> Result<Layer, FaceError> {
        self.take("<g fill=\"#")?;
        let color = Color::rgb(self.hex()?, self.hex()?, self.hex()?);
        self.take("\">")?;
        let mut paths = Vec::new();
        while !self.took("</g>") {
            self.paths += 1;
            if self.paths > MAX_PATHS {
                return Err(FaceError::TooComplex { limit: MAX_PATHS });
            }
            paths.push(self.path()?);
        }
        if paths.is_empty() { Err(FaceError::Empty) } else { Ok(Layer { color, paths }) }
    }

    fn path(&mut self) -> Result<Path, FaceError> {
        self.take("<path d=\"")?;
        let mut contours = Vec::new();
        while !self.took("\"/>") {
            contours.push(self.contour()?);
        }
        Ok(Path { contours })
    }

    fn contour(&mut self) -> Result<Contour, FaceError> {
        self.take("M")?;
        let mut from = self.pair((0, 0))?;
        let start = point(from);
        let mut segments = Vec::new();
        while !self.took("z") {
            if self.took("l") {
                while self.number_follows() {
                    from = self.pair(from)?;
                    segments.push(Segment::Line(point(from)));
                }
            } else if self.took("c") {
                while self.number_follows() {
                    let (first, second, end) = (self.pair(from)?, self.pair(from)?, self.pair(from)?);
                    segments.push(Segment::Cubic(point(first), point(second), point(end)));
                    from = end;
                }
            } else {
                return Err(self.expected("l, c or z"));
            }
        }
        Ok(Contour { start, segments })
    }

    fn pair(&mut self, origin: (i64, i64)) -> Result<(i64, i64), FaceError> {
        self.points += 1;
        if self.points > MAX_POINTS {
            return Err(FaceError::TooComplex { limit: MAX_POINTS });
        }
        let (x, y) = (self.number()?, self.number()?);
        Ok((origin.0 + x, origin.1 + y))
    }

    fn number_follows(&self) -> bool {
        self.text.get(self.at).is_some_and(|byte| matches!(byte, b' ' | b'-' | b'.' | b'0'..=b'9'))
    }

    /// A decimal number of millimetres, in grid steps.
    fn number(&mut self) -> Result<i64, FaceError> {
        let _ = self.took(" ");
        let negative = self.took("-");
        let (mut steps, whole_digits) = self.digits(MAX_WHOLE_DIGITS)?;
        let mut fraction_digits = 0;
        if self.took(".") {
            let fraction;
            (fraction, fraction_digits) = self.digits(3)?;
            if fraction_digits == 0 {
                return Err(self.expected("a digit"));
            }
            let missing = 3 - u32::try_from(fraction_digits).unwrap_or(3);
            steps = steps * 1000 + fraction * 10_i64.pow(missing);
        } else {
            steps *= 1000;
        }
        if whole_digits + fraction_digits == 0 {
            return Err(self.expected("a number"));
        }
        Ok(if negative { -steps } else { steps })
    }

    fn digits(&mut self, most: usize) -> Result<(i64, usize), FaceError> {
        let (mut value, mut count) = (0_i64, 0);
        while let Some(digit) = self.text.get(self.at).filter(|byte| byte.is_ascii_digit()) {
            if count == most {
                return Err(self.expected("at most three digits"));
            }
            value = value * 10 + i64::from(digit - b'0');
            count += 1;
            self.at += 1;
        }
        Ok((value, count))
    }

    fn hex(&mut self) -> Result<u8, FaceError> {
        let mut value = 0;
        for _ in 0..2 {
            let digit = match self.text.get(self.at) {
                Some(byte @ b'0'..=b'9') => byte - b'0',
                Some(byte @ b'a'..=b'f') => byte - b'a' + 10,
                _ => return Err(self.expected("six lower-case hexadecimal digits")),
            };
            self.at += 1;
            value = value * 16 + digit;
        }
        Ok(value)
    }
}

fn point((x, y): (i64, i64)) -> Point {
    Point::new(to_mm(x), to_mm(y))
}
