import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

type Theme = "light" | "dark";
type Rgb = readonly [number, number, number];

const css = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light: rgbOf(light), dark: rgbOf(dark) }],
  ),
);

function rgbOf(hex: string): Rgb {
  const at = (index: number) => Number.parseInt(hex.slice(1 + index * 2, 3 + index * 2), 16) / 255;
  return [at(0), at(1), at(2)];
}

function token(name: string, theme: Theme): Rgb {
  const found = tokens.get(name);
  if (!found) throw new Error(`app/globals.css has no token --${name}`);
  return found[theme];
}

const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const luminance = ([r, g, b]: Rgb) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);

/** @source WCAG 2.2, "contrast ratio" */
function ratio(a: Rgb, b: Rgb): number {
  const [high, low] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** @source Machado, Oliveira & Fernandes 2009, severity 1.0, on linear RGB */
const DEFICIENCIES: Record<string, readonly Rgb[]> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const dot = ([a, b, c]: Rgb, [x, y, z]: Rgb) => a * x + b * y + c * z;
const apply = ([p, q, r]: readonly Rgb[], v: Rgb): Rgb => [dot(p ?? v, v), dot(q ?? v, v), dot(r ?? v, v)];

/** @source https://bottosson.github.io/posts/oklab/ */
function oklab(rgb: Rgb): Rgb {
  const lms = apply(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  );
  return apply(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [Math.cbrt(lms[0]), Math.cbrt(lms[1]), Math.cbrt(lms[2])],
  );
}

function worstDistance(names: readonly string[], theme: Theme): number {
  const distances = Object.values(DEFICIENCIES).flatMap((matrix) => {
    const seen = names.map((name) => {
      const [r, g, b] = apply(matrix, token(name, theme).map(linear) as unknown as Rgb); // map keeps the three
      const clamp = (c: number) => Math.min(1, Math.max(0, c));
      return oklab([clamp(r), clamp(g), clamp(b)]);
    });
    return seen.flatMap((a, i) =>
      seen.slice(i + 1).map((b) => 100 * Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
    );
  });
  return Math.min(...distances);
}

/** Foreground, ground, least ratio in light, least in dark (ux.md §7; 4.5 is AA for text, 3 for edges of controls). */
const PAIRS: readonly (readonly [string, string, number, number])[] = [
  ["text", "surface", 17.7, 15.1],
  ["text", "bg", 15, 14],
  ["text", "sunk", 15, 14],
  ["muted", "surface", 6.9, 7.3],
  ["muted", "bg", 4.5, 4.5],
  ["muted", "sunk", 4.5, 4.5],
  ["edge", "surface", 3.5, 3.8],
  ["edge", "bg", 3, 3],
  ["edge", "sunk", 3, 3],
  ["accent", "surface", 7, 7.6],
  ["accent", "sunk", 4.5, 4.5],
  ["surface", "accent", 4.5, 4.5],
  ["allow", "surface", 6.4, 8.2],
  ["ask", "surface", 5.8, 10.8],
  ["deny", "surface", 11.1, 6.4],
  ["none", "surface", 6.3, 7.2],
  ["allow", "sunk", 4.5, 4.5],
  ["ask", "sunk", 4.5, 4.5],
  ["deny", "sunk", 4.5, 4.5],
  ["none", "sunk", 4.5, 4.5],
  ["low-ink", "low", 13.6, 10],
  ["elevated-ink", "elevated", 10.9, 4.9],
  ["high-ink", "high", 4.9, 6.2],
  ["critical-ink", "critical", 12.1, 13.6],
  ["text", "add-tint", 12.3, 12.3],
  ["text", "del-tint", 12.3, 12.3],
  ["add", "add-tint", 5.1, 5.1],
  ["del", "del-tint", 5.1, 5.1],
  ["stop-ink", "stop", 6.8, 6.8],
];

describe("colour tokens", () => {
  test.each(PAIRS)("%s on %s can be read in both themes", (ink, ground, light, dark) => {
    expect(ratio(token(ink, "light"), token(ground, "light"))).toBeGreaterThanOrEqual(light);
    expect(ratio(token(ink, "dark"), token(ground, "dark"))).toBeGreaterThanOrEqual(dark);
  });

  test.each(["light", "dark"] as const)(
    "verdicts, bands and differences stay apart for every kind of sight: %s",
    (theme) => {
      expect(worstDistance(["allow", "ask", "deny", "none"], theme)).toBeGreaterThanOrEqual(7.3);
      expect(worstDistance(["low", "elevated", "high", "critical"], theme)).toBeGreaterThanOrEqual(9.8);
      expect(worstDistance(["add", "del"], theme)).toBeGreaterThanOrEqual(20);
    },
  );

  test.each(["light", "dark"] as const)("bands go one way in lightness, so they survive greyscale: %s", (theme) => {
    const lights = ["low", "elevated", "high", "critical"].map(
      (name) => oklab(token(name, theme).map(linear) as unknown as Rgb)[0],
    );
    const sorted = lights.toSorted((a, b) => (theme === "light" ? b - a : a - b));
    expect(lights).toEqual(sorted);
  });

  test("nothing but the stop button is solid red", () => {
    expect([...css.matchAll(/#b3122f/g)]).toHaveLength(2);
  });
});
