//! A small TrueType font, made as a test needs it: every glyph a box of its own width.

/// A font that has these characters and says this of embedding (`fsType`).
pub(crate) fn with(characters: &[char], permissions: u16) -> Vec<u8> {
    let mut characters = characters.to_vec();
    characters.sort_unstable();
    let count = u16::try_from(characters.len() + 1).unwrap();
    let glyphs: Vec<Vec<u8>> = (0..count).map(glyph).collect();
    let mut offsets = vec![0_u32];
    for glyph in &glyphs {
        offsets.push(offsets.last().unwrap() + u32::try_from(glyph.len()).unwrap());
    }
    let head = [
        &be32(&[0x0001_0000, 0x0001_0000, 0, 0x5f0f_3cf5])[..],
        &be16(&[0, 1000])[..],
        &[0; 16],
        &be16(&[0, 0, 1000, 800, 0, 8, 2, 1, 0])[..],
    ];
    let hhea =
        [&be32(&[0x0001_0000])[..], &be16(&[880, 0xff88, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, count])[..]];
    let maxp = [&be32(&[0x0001_0000])[..], &be16(&[count, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])[..]];
    let widths: Vec<u16> = (0..count).flat_map(|glyph| [width(glyph), 0]).collect();
    let groups: Vec<u32> = (1_u32..)
        .zip(&characters)
        .flat_map(|(glyph, character)| [u32::from(*character), u32::from(*character), glyph])
        .collect();
    let length = 16 + 4 * u32::try_from(groups.len()).unwrap();
    let characters_to_glyphs = [
        &be16(&[0, 1, 3, 10])[..],
        &be32(&[12])[..],
        &be16(&[12, 0])[..],
        &be32(&[length, 0, length / 12 - 1])[..],
        &be32(&groups)[..],
    ];
    let name: Vec<u8> = "Boxes".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let names = [&be16(&[0, 1, 18, 3, 1, 0x409, 6, 10, 0])[..], &name];
    let mut os2 = vec![0; 96];
    os2[1] = 4;
    os2[8..10].copy_from_slice(&permissions.to_be_bytes());
    let mut post = vec![0; 32];
    post[1] = 3;
    build(&[
        (b"OS/2", os2),
        (b"cmap", characters_to_glyphs.concat()),
        (b"glyf", glyphs.concat()),
        (b"head", head.concat()),
        (b"hhea", hhea.concat()),
        (b"hmtx", be16(&widths)),
        (b"loca", be32(&offsets)),
        (b"maxp", maxp.concat()),
        (b"name", names.concat()),
        (b"post", post),
    ])
}

/// Thousandths of the size.
pub(crate) fn width(glyph: u16) -> u16 {
    500 + 10 * glyph
}

fn glyph(number: u16) -> Vec<u8> {
    let right = width(number) - 50;
    let corners = be16(&[1, 0, 0, right, 800, 3, 0]);
    let steps = be16(&[0, 0, right, 0, 0, 800, 0, 0u16.wrapping_sub(800)]);
    let mut glyph = [&corners[..], &[1; 4], &steps].concat();
    glyph.resize(glyph.len().next_multiple_of(4), 0);
    glyph
}

fn build(tables: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let count = u16::try_from(tables.len()).unwrap();
    let mut font = [&be32(&[0x0001_0000])[..], &be16(&[count, 128, 3, count * 16 - 128])[..]].concat();
    let mut at = 12 + 16 * tables.len();
    for (tag, data) in tables {
        font.extend_from_slice(*tag);
        font.extend_from_slice(&be32(&[0, u32::try_from(at).unwrap(), u32::try_from(data.len()).unwrap()]));
        at += data.len().next_multiple_of(4);
    }
    for (_, data) in tables {
        font.extend_from_slice(data);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    font
}

fn be16(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

fn be32(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}
