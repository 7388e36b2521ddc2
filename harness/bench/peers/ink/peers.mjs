// What the peers make of the same points: `node peers.mjs FOLDER JOB ARGUMENTS…`. The packages named in package.json are
// installed into FOLDER if they are not there. Answers are JSON on standard output.
//
//   live STROKE.json COUNT…        perfect-freehand, what one more point costs after so many, in microseconds
//   png SIGNATURES.json DPI TURNS  signature_pad on a canvas, from points to PNG: milliseconds and bytes for each
//   draw VIEWS.json DPI OUT        both, a picture for each view {area, strokes}: OUT/N-signature_pad.pgm, OUT/N-perfect-freehand.pgm
//
// Points are [x, y, t] in mm and ms. Both peers draw with the widths of our fountain pen, 0.35 to 0.9 mm.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [folder, job, ...rest] = process.argv.slice(2);
if (!existsSync(join(folder, 'node_modules/signature_pad'))) {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(dirname(fileURLToPath(import.meta.url)), 'package.json'), join(folder, 'package.json'));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
const require = createRequire(pathToFileURL(join(folder, 'package.json')));
const { getStroke } = require('perfect-freehand');

// A peer's pixel is one of 160 in an inch, a phone's.
const PX_PER_MM = 160 / 25.4;
const MARGIN_MM = 1;
const [THIN_MM, WIDE_MM] = [0.35, 0.9];
const FREEHAND = { size: WIDE_MM * PX_PER_MM, thinning: 0.6, smoothing: 0.5, streamline: 0.5, simulatePressure: true };

const microseconds = (usage) => usage.user + usage.system;
const timed = (work) => {
  const before = process.cpuUsage();
  const answer = work();
  return [microseconds(process.cpuUsage(before)), answer];
};

function box(strokes) {
  const points = strokes.flat();
  const [left, top] = [0, 1].map((i) => Math.min(...points.map((p) => p[i])) - MARGIN_MM);
  const [right, bottom] = [0, 1].map((i) => Math.max(...points.map((p) => p[i])) + MARGIN_MM);
  return { left, top, width: right - left, height: bottom - top };
}

const inPixels = (strokes, { left, top }) =>
  strokes.map((stroke) => stroke.map(([x, y, t]) => [(x - left) * PX_PER_MM, (y - top) * PX_PER_MM, t]));

function canvasFor(area, dpi) {
  const { createCanvas } = require('@napi-rs/canvas');
  const canvas = createCanvas(Math.ceil((area.width * dpi) / 25.4), Math.ceil((area.height * dpi) / 25.4));
  const scale = dpi / 160;
  canvas.getContext('2d').scale(scale, scale);
  return canvas;
}

let SignaturePad;
async function loadSignaturePad() {
  globalThis.window = { devicePixelRatio: 1, addEventListener() {}, removeEventListener() {} };
  globalThis.navigator ??= { userAgent: '' };
  globalThis.document = { addEventListener() {}, removeEventListener() {} };
  SignaturePad = (await import(pathToFileURL(join(folder, 'node_modules/signature_pad/dist/signature_pad.js')))).default;
}

function signaturePad(strokes, dpi, area = box(strokes)) {
  const canvas = canvasFor(area, dpi);
  const onPage = Object.assign(canvas, {
    style: {}, addEventListener() {}, removeEventListener() {}, ownerDocument: globalThis.document, dispatchEvent() { return true; },
  });
  // Its widths are radii.
  const pen = { minWidth: (THIN_MM / 2) * PX_PER_MM, maxWidth: (WIDE_MM / 2) * PX_PER_MM, dotSize: 0, penColor: 'black', velocityFilterWeight: 0.7 };
  const pad = new SignaturePad(onPage, { ...pen, throttle: 0, minDistance: 5, backgroundColor: 'rgba(0,0,0,0)' });
  // What its pointer handler leaves out, points too near to the one before, it would draw from data.
  const data = inPixels(strokes, area).map((stroke) => {
    const kept = [];
    for (const [x, y, time] of stroke) {
      const last = kept.at(-1);
      if (!last || Math.hypot(x - last.x, y - last.y) > 5) kept.push({ x, y, time, pressure: 0.5 });
    }
    return { ...pen, compositeOperation: 'source-over', points: kept };
  });
  pad.fromData(data, { clear: false });
  return canvas;
}

function freehand(strokes, dpi, area) {
  const canvas = canvasFor(area, dpi);
  const context = canvas.getContext('2d');
  for (const stroke of inPixels(strokes, area)) {
    const outline = getStroke(stroke.map(([x, y]) => [x, y]), { ...FREEHAND, last: true });
    if (outline.length < 2) continue;
    // As its own documentation turns outlines into paths.
    context.beginPath();
    context.moveTo(...outline[0]);
    outline.forEach(([x, y], i) => {
      const [nextX, nextY] = outline[(i + 1) % outline.length];
      context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    });
    context.closePath();
    context.fill();
  }
  return canvas;
}

const signatures = () => JSON.parse(readFileSync(rest[0], 'utf8'));
let answer = {};
if (job === 'live') {
  const stroke = inPixels([signatures()], { left: 0, top: 0 })[0].map(([x, y]) => [x, y]);
  answer.microseconds = rest.slice(1).map(Number).map((count) => {
    const points = stroke.slice(0, count);
    const turns = Math.max(20, Math.ceil(200_000 / count));
    let least = Infinity;
    for (let round = 0; round < 7; round += 1) {
      const [spent] = timed(() => { for (let turn = 0; turn < turns; turn += 1) getStroke(points, { ...FREEHAND, last: false }); });
      least = Math.min(least, spent / turns);
    }
    return least;
  });
} else if (job === 'png') {
  await loadSignaturePad();
  const [dpi, turns] = rest.slice(1).map(Number);
  answer.signatures = signatures().map((strokes) => {
    let [least, bytes] = [Infinity, 0];
    for (let turn = 0; turn < turns; turn += 1) {
      const [spent, png] = timed(() => signaturePad(strokes, dpi).toBuffer('image/png'));
      [least, bytes] = [Math.min(least, spent / 1e3), png.length];
    }
    return { ms: least, bytes };
  });
} else if (job === 'draw') {
  await loadSignaturePad();
  const [dpi, out] = [Number(rest[1]), rest[2]];
  signatures().forEach(({ area, strokes }, nth) => {
    for (const [name, draw] of [['signature_pad', signaturePad], ['perfect-freehand', freehand]]) {
      const canvas = draw(strokes, dpi, area);
      const context = canvas.getContext('2d');
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      // Grey, ink black: what the sheet wants.
      const grey = Buffer.alloc(canvas.width * canvas.height);
      for (let i = 0; i < grey.length; i += 1) grey[i] = 255 - data[4 * i + 3];
      writeFileSync(join(out, `${nth}-${name}.pgm`), Buffer.concat([Buffer.from(`P5\n${canvas.width} ${canvas.height}\n255\n`), grey]));
    }
  });
}
console.log(JSON.stringify(answer));
