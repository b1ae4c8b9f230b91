import { createHash } from "node:crypto";

// Ed25519 from its definition (RFC 8032 §5.1), slowly and in the open: for making signatures that no honest signer makes.

const P = 2n ** 255n - 19n;
/** The order of the base point. */
export const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;

/** A point of the curve by its coordinates. */
export type Point = { readonly x: bigint; readonly y: bigint };

const mod = (value: bigint): bigint => ((value % P) + P) % P;

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

const inverse = (value: bigint): bigint => power(value, P - 2n);
const D = mod(-121_665n * inverse(121_666n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

/** The neutral element. */
export const NEUTRAL: Point = { x: 0n, y: 1n };

/** The sum of two points, by the one formula that holds for all. */
export function add(one: Point, other: Point): Point {
  const both = mod(D * mod(one.x * other.x) * mod(one.y * other.y));
  return {
    x: mod((one.x * other.y + other.x * one.y) * inverse(1n + both)),
    y: mod((one.y * other.y + one.x * other.x) * inverse(1n - both)),
  };
}

/** A point times a number. */
export function times(point: Point, count: bigint): Point {
  let [sum, double] = [NEUTRAL, point];
  for (let rest = count; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) sum = add(sum, double);
    double = add(double, double);
  }
  return sum;
}

/** The point with this y and this last bit of x; null when the curve has none. */
export function pointOf(y: bigint, isOdd: boolean): Point | null {
  const square = mod((mod(y * y) - 1n) * inverse(mod(D * mod(y * y)) + 1n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * ROOT_OF_MINUS_ONE);
  if (mod(x * x) !== square) return null;
  return { x: ((x & 1n) === 1n) === isOdd ? x : mod(-x), y: mod(y) };
}

/** A number in 32 bytes, the lowest first. */
export const bytes32 = (value: bigint): Uint8Array =>
  new Uint8Array(Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse());

/** The number in bytes, the lowest first. */
export const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);

/** A point as it is written: its one canonical spelling. */
export const encoded = ({ x, y }: Point): Uint8Array => bytes32(y | ((x & 1n) << 255n));

/** Every spelling of a point that a lenient reader takes: y written as y + p, and the sign of an x that is 0. */
export function spellings({ x, y }: Point): readonly Uint8Array[] {
  const ys = y + P < 2n ** 255n ? [y, y + P] : [y];
  const signs = x === 0n ? [0n, 1n] : [x & 1n];
  return ys.flatMap((spelled) => signs.map((sign) => bytes32(spelled | (sign << 255n))));
}

export const BASE: Point = pointOf(mod(4n * inverse(5n)), false) ?? NEUTRAL;

/** The eight points whose order divides eight. */
export function smallOrderPoints(): readonly Point[] {
  for (let y = 2n; ; y += 1n) {
    const point = pointOf(y, false);
    const torsion = point && times(point, ORDER);
    const isWhole = torsion && times(torsion, 4n).y !== 1n;
    if (isWhole) return Array.from({ length: 8 }, (_, count) => times(torsion, BigInt(count)));
  }
}

/** What is multiplied with the key: SHA-512 over R, A and the message. */
export const challenge = (r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint =>
  numberOf(createHash("sha512").update(r).update(key).update(message).digest()) % ORDER;
