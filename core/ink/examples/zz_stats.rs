//! tmp
use eseal_face::*;
use eseal_ink::*;
fn main() {
    let t = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let ink = Ink::from_json(t.lines().next().unwrap()).unwrap();
    let f = render(
        &ink,
        &RenderOptions { size: FaceSize::FitWithin(SizeMm::new(40., 16.).unwrap()), ..Default::default() },
    )
    .unwrap();
    let (mut nc, mut cub, mut lines, mut circ) = (0, 0, 0, 0);
    let mut len = 0.0;
    for p in &f.layers()[0].paths {
        for c in &p.contours {
            nc += 1;
            if c.segments.len() == 4 && c.segments.iter().all(|s| matches!(s, Segment::Cubic(..))) {
                circ += 1;
                continue;
            }
            let mut a = c.start;
            for s in &c.segments {
                let e = s.end();
                match s {
                    Segment::Cubic(..) => {
                        cub += 1;
                        len += (e.x - a.x).hypot(e.y - a.y);
                    }
                    _ => lines += 1,
                };
                a = e;
            }
        }
    }
    eprintln!(
        "paths {} contours {nc} circles~{circ} cubics {cub} lines {lines} mean cubic chord {}",
        f.layers()[0].paths.len(),
        len / cub as f64
    );
}
