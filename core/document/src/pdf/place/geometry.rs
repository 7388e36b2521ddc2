//! From millimetres on the page as seen to the page's own coordinates (ISO 32000-2, 8.3.2.3, 7.7.3.3, 12.5.5).

use crate::pdf::error::PdfError;
use crate::pdf::place::placement::{Corner, Placement};

const MM_PER_INCH: f64 = 25.4;
const POINTS_PER_INCH: f64 = 72.0;
/// What viewers take for a page without a usable `/MediaBox`: US Letter.
const DEFAULT_BOX: [f64; 4] = [0.0, 0.0, 612.0, 792.0];

/// How far a page is turned clockwise when it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rotation {
    None,
    Quarter,
    Half,
    ThreeQuarters,
}

impl Rotation {
    /// Anything that is not a multiple of 90 is taken for no rotation, as viewers do.
    pub(crate) fn from_degrees(degrees: f64) -> Self {
        let turns = degrees.rem_euclid(360.0) / 90.0;
        [Self::Quarter, Self::Half, Self::ThreeQuarters]
            .into_iter()
            .zip([1.0_f64, 2.0, 3.0])
            .find(|(_, quarters)| (turns - quarters).abs() < 1e-9)
            .map_or(Self::None, |(rotation, _)| rotation)
    }

    const fn is_sideways(self) -> bool {
        matches!(self, Self::Quarter | Self::ThreeQuarters)
    }
}

/// The visible part of a page and how it is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Geometry {
    left: f64,
    bottom: f64,
    right: f64,
    top: f64,
    rotation: Rotation,
    /// Millimetres that one unit of the page's coordinates stands for.
    mm_per_unit: f64,
}

/// Where an annotation goes: its rectangle in the page's coordinates, and the box and matrix of its appearance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placed {
    /// Left, bottom, right, top.
    pub(crate) rect: [f64; 4],
    /// Width and height of the appearance as seen, in units of the page.
    pub(crate) size: [f64; 2],
    /// Turns the appearance against the page's rotation.
    pub(crate) matrix: [f64; 6],
    /// Points in one unit of the page.
    pub(crate) user_unit: f64,
}

impl Geometry {
    pub(crate) fn new(
        media_box: Option<[f64; 4]>,
        crop_box: Option<[f64; 4]>,
        rotation: Rotation,
        user_unit: Option<f64>,
    ) -> Self {
        let media = media_box.map(ordered).filter(has_area).unwrap_or(DEFAULT_BOX);
        let crop = crop_box.map(ordered).map(|crop| intersection(crop, media)).filter(has_area);
        let [left, bottom, right, top] = crop.unwrap_or(media);
        let unit = user_unit.filter(|unit| *unit > 0.0).unwrap_or(1.0);
        Self { left, bottom, right, top, rotation, mm_per_unit: unit * MM_PER_INCH / POINTS_PER_INCH }
    }

    /// Width and height as seen, in units of the page.
    fn seen(&self) -> [f64; 2] {
        let (width, height) = (self.right - self.left, self.top - self.bottom);
        if self.rotation.is_sideways() { [height, width] } else { [width, height] }
    }

    /// Width and height as seen, in millimetres.
    pub(crate) fn seen_mm(&self) -> [f64; 2] {
        self.seen().map(|side| side * self.mm_per_unit)
    }

    /// From the top-left corner as seen, right and down, to the page's coordinates.
    fn to_page(self, [right, down]: [f64; 2]) -> [f64; 2] {
        match self.rotation {
            Rotation::None => [self.left + right, self.top - down],
            Rotation::Quarter => [self.left + down, self.bottom + right],
            Rotation::Half => [self.right - right, self.bottom + down],
            Rotation::ThreeQuarters => [self.right - down, self.top - right],
        }
    }

    /// What is seen of the page, in its coordinates: left, bottom, right, top.
    pub(crate) const fn visible(&self) -> [f64; 4] {
        [self.left, self.bottom, self.right, self.top]
    }

    /// From the page's coordinates to millimetres from the top-left corner as seen, right and down.
    pub(crate) fn to_seen_mm(self, [x, y]: [f64; 2]) -> [f64; 2] {
        let seen = match self.rotation {
            Rotation::None => [x - self.left, self.top - y],
            Rotation::Quarter => [y - self.bottom, x - self.left],
            Rotation::Half => [self.right - x, y - self.bottom],
            Rotation::ThreeQuarters => [self.top - y, self.right - x],
        };
        seen.map(|distance| distance * self.mm_per_unit)
    }

    pub(crate) fn place(&self, placement: &Placement) -> Result<Placed, PdfError> {
        let unit = |mm: f64| mm / self.mm_per_unit;
        let [page_width, page_height] = self.seen();
        let [width, height] = [unit(placement.width_mm), unit(placement.height_mm)];
        let [x, y] = [unit(placement.x_mm), unit(placement.y_mm)];
        let (from_left, from_top) = match placement.corner {
            Corner::TopLeft => (x, y),
            Corner::TopRight => (page_width - x - width, y),
            Corner::BottomLeft => (x, page_height - y - height),
            Corner::BottomRight => (page_width - x - width, page_height - y - height),
        };
        let is_seen =
            from_left < page_width && from_top < page_height && from_left + width > 0.0 && from_top + height > 0.0;
        if !is_seen {
            return Err(PdfError::OutsidePage);
        }
        let first = self.to_page([from_left, from_top]);
        let second = self.to_page([from_left + width, from_top + height]);
        Ok(self.within([first[0], first[1], second[0], second[1]]))
    }

    /// An upright appearance for a rectangle given by two corners in the page's coordinates.
    pub(crate) fn within(&self, corners: [f64; 4]) -> Placed {
        let rect = ordered(corners);
        let sides = [rect[2] - rect[0], rect[3] - rect[1]];
        let [width, height] = if self.rotation.is_sideways() { [sides[1], sides[0]] } else { sides };
        let matrix = match self.rotation {
            Rotation::None => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
            Rotation::Quarter => [0.0, 1.0, -1.0, 0.0, height, 0.0],
            Rotation::Half => [-1.0, 0.0, 0.0, -1.0, width, height],
            Rotation::ThreeQuarters => [0.0, -1.0, 1.0, 0.0, 0.0, width],
        };
        let user_unit = self.mm_per_unit * POINTS_PER_INCH / MM_PER_INCH;
        Placed { rect, size: [width, height], matrix, user_unit }
    }

    /// Width and height as seen of a rectangle in the page's coordinates, in millimetres.
    pub(crate) fn size_mm(&self, corners: [f64; 4]) -> [f64; 2] {
        self.within(corners).size.map(|side| side * self.mm_per_unit)
    }
}

fn ordered([x1, y1, x2, y2]: [f64; 4]) -> [f64; 4] {
    [x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2)]
}

fn has_area([left, bottom, right, top]: &[f64; 4]) -> bool {
    right > left && top > bottom
}

fn intersection(one: [f64; 4], other: [f64; 4]) -> [f64; 4] {
    [one[0].max(other[0]), one[1].max(other[1]), one[2].min(other[2]), one[3].min(other[3])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::place::page::PageIndex;

    /// A page of 200 by 100 units at (10, 20), one unit being one millimetre.
    fn page(degrees: f64) -> Geometry {
        let unit = POINTS_PER_INCH / MM_PER_INCH;
        Geometry::new(Some([10.0, 20.0, 210.0, 120.0]), None, Rotation::from_degrees(degrees), Some(unit))
    }

    fn at(corner: Corner, x: f64, y: f64) -> Placement {
        Placement::new(PageIndex::new(1), corner, [x, y], [30.0, 10.0]).unwrap()
    }

    fn assert_close(actual: [f64; 4], expected: [f64; 4]) {
        assert!(actual.iter().zip(expected).all(|(one, other)| (one - other).abs() < 1e-9), "{actual:?} {expected:?}");
    }

    #[test]
    fn the_box_lands_where_it_is_seen() {
        let place = |degrees, corner| page(degrees).place(&at(corner, 5.0, 7.0)).unwrap().rect;
        assert_close(place(0.0, Corner::TopLeft), [15.0, 103.0, 45.0, 113.0]);
        assert_close(place(90.0, Corner::TopLeft), [17.0, 25.0, 27.0, 55.0]);
        assert_close(place(180.0, Corner::TopLeft), [175.0, 27.0, 205.0, 37.0]);
        assert_close(place(270.0, Corner::TopLeft), [193.0, 85.0, 203.0, 115.0]);
        assert_close(place(0.0, Corner::BottomRight), [175.0, 27.0, 205.0, 37.0]);
        assert_close(place(0.0, Corner::TopRight), [175.0, 103.0, 205.0, 113.0]);
        assert_close(place(-270.0, Corner::BottomLeft), [193.0, 25.0, 203.0, 55.0]);
    }

    #[test]
    fn a_point_goes_there_and_back() {
        for degrees in [0.0, 90.0, 180.0, 270.0] {
            let page = page(degrees);
            let [right, down] = page.to_seen_mm(page.to_page([12.0, 34.0]));
            assert!((right - 12.0).abs() < 1e-9 && (down - 34.0).abs() < 1e-9, "{degrees}: {right} {down}");
        }
    }

    #[test]
    fn the_matrix_keeps_the_appearance_in_the_positive_quadrant() {
        for degrees in [0.0, 90.0, 180.0, 270.0] {
            let placed = page(degrees).place(&at(Corner::TopLeft, 5.0, 7.0)).unwrap();
            let matrix = placed.matrix;
            let [width, height] = placed.size;
            let corners = [[0.0, 0.0], [width, 0.0], [0.0, height], [width, height]];
            let along = |from: usize, [x, y]: [f64; 2]| matrix[from] * x + matrix[from + 2] * y + matrix[from + 4];
            let mapped = corners.map(|corner| [along(0, corner), along(1, corner)]);
            let low = mapped.iter().fold([f64::MAX; 2], |low, at| [low[0].min(at[0]), low[1].min(at[1])]);
            let high = mapped.iter().fold([f64::MIN; 2], |high, at| [high[0].max(at[0]), high[1].max(at[1])]);
            let rect = placed.rect;
            assert_close([low[0], low[1], high[0], high[1]], [0.0, 0.0, rect[2] - rect[0], rect[3] - rect[1]]);
        }
    }

    #[test]
    fn the_crop_box_and_the_unit_count() {
        let geometry =
            Geometry::new(Some([0.0, 0.0, 720.0, 720.0]), Some([900.0, 360.0, 72.0, 72.0]), Rotation::None, Some(2.0));
        let [width, height] = geometry.seen_mm();
        assert!((width - 18.0 * 25.4).abs() < 1e-9 && (height - 8.0 * 25.4).abs() < 1e-9);
        let placement = Placement::new(PageIndex::LAST, Corner::TopLeft, [25.4, 25.4], [50.8, 25.4]).unwrap();
        assert_close(geometry.place(&placement).unwrap().rect, [108.0, 288.0, 180.0, 324.0]);
    }

    #[test]
    fn boxes_that_make_no_sense_fall_back() {
        let visible = |media, crop| {
            let page = Geometry::new(media, crop, Rotation::None, Some(-1.0));
            [page.left, page.bottom, page.right, page.top]
        };
        let small = [0.0, 0.0, 10.0, 5.0];
        assert_close(visible(None, None), DEFAULT_BOX);
        assert_close(visible(Some([0.0, 0.0, 0.0, 5.0]), None), DEFAULT_BOX);
        assert_close(visible(Some(small), Some([20.0, 20.0, 30.0, 30.0])), small);
        assert_eq!(Rotation::from_degrees(45.0), Rotation::None);
        assert_eq!(Rotation::from_degrees(-90.0), Rotation::ThreeQuarters);
    }

    #[test]
    fn what_has_no_size_or_is_not_seen_is_refused() {
        for size in [[0.0, 1.0], [1.0, -1.0], [f64::NAN, 1.0], [1.0, f64::INFINITY]] {
            let refused = Placement::new(PageIndex::new(1), Corner::TopLeft, [0.0, 0.0], size).unwrap_err();
            assert_eq!(refused.code(), "pdf.empty-placement");
        }
        for [x, y] in [[200.0, 0.0], [0.0, 100.0], [-30.0, 0.0], [0.0, -10.0]] {
            assert_eq!(page(0.0).place(&at(Corner::TopLeft, x, y)).unwrap_err().code(), "pdf.outside-page");
        }
        assert!(page(0.0).place(&at(Corner::TopLeft, 199.0, 99.0)).is_ok());
    }
}
