import { createHash } from "node:crypto";

const [WIDTH, HEIGHT] = [360, 240];

/**
 * A picture that stands for a paper or a photograph of the demonstration: a Windows bitmap of a sheet with a band and ruled lines in a
 * colour of its own. Drawn here, so that the repository carries no photographs of anybody's papers.
 */
export function drawSheet(name: string): Buffer {
  const head = Buffer.alloc(54);
  const rowBytes = WIDTH * 3;
  head.write("BM", "latin1");
  head.writeUInt32LE(54 + rowBytes * HEIGHT, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(WIDTH, 18);
  // Negative: the rows go from the top down.
  head.writeInt32LE(-HEIGHT, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  const seed = createHash("sha256").update(name).digest();
  const ink = seed.subarray(0, 3).map((byte) => 40 + (byte % 110));
  const pixels = Buffer.alloc(rowBytes * HEIGHT);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) pixels.set(isInked(x, y, seed) ? ink : PAPER, y * rowBytes + x * 3);
  }
  return Buffer.concat([head, pixels]);
}

const PAPER = [244, 248, 250];

/** A border, a band on top, and lines of different lengths below it. */
function isInked(x: number, y: number, seed: Buffer): boolean {
  if (x < 4 || y < 4 || x >= WIDTH - 4 || y >= HEIGHT - 4) return true;
  if (y < 64) return y > 20 && y < 48 && x > 24 && x < 24 + 120 + (seed[3] ?? 0) / 2;
  const line = Math.floor((y - 72) / 20);
  const isLine = (y - 72) % 20 < 7;
  return isLine && x > 24 && x < 100 + ((seed[4 + line] ?? 0) / 255) * (WIDTH - 140);
}
