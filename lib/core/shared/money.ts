import { decimalOf, roundedAt } from "./decimal";

/** An amount of money as a whole number of millionths of a US dollar; a safe integer, so sums are exact. */
export type Micros = number;

const MICRO_DIGITS = 6;
const MICROS_PER_USD = 1_000_000;
const LEAST_DECIMALS = 2;

/** An amount of money as a whole number of 10^-12 US dollars: what a model call costs, where a millionth is too coarse. */
export type PicoUsd = bigint;

const PICO_DIGITS = 12;
/** What is too much: a `numeric(20,12)` column holds eight digits before the point. */
export const PICO_LIMIT = 10n ** 20n;

/**
 * An amount in micro-units, rounded up, so that a reservation never covers less than it was asked to.
 *
 * Reads the number as the decimal it prints as: 0.1 is exactly 100,000, although its double is a little more.
 *
 * @param usd 0 ≤ usd ≤ 9,007,199,254; anything else throws a RangeError, because a budget must not guess
 */
export function microsOf(usd: number): Micros {
  if (!Number.isFinite(usd) || usd < 0) throw new RangeError("An amount of money is finite and not negative.");
  const written = decimalOf(String(usd));
  if (written === null) throw new RangeError("An amount of money is finite and not negative.");
  const micros = scaledUp(written.digits, written.exponent + MICRO_DIGITS);
  if (micros > Number.MAX_SAFE_INTEGER) throw new RangeError("The amount of money is too large to count exactly.");
  return Number(micros);
}

/** `digits × 10^exponent`, rounded up to a whole number; in bigint, where no step can round by itself. */
function scaledUp(digits: bigint, exponent: number): bigint {
  if (exponent >= 0) return digits * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  return (digits + divisor - 1n) / divisor;
}

/** Reads back what `usdOf` and a `numeric(…, 6)` column write; null for any other text or more than is exact. */
export function microsOfText(usd: string): Micros | null {
  const parts = /^(-?)(\d{1,10})(?:\.(\d{1,6}))?$/.exec(usd);
  if (!parts) return null;
  const [, sign, whole = "", fraction = ""] = parts;
  const micros = Number(whole) * MICROS_PER_USD + Number(fraction.padEnd(MICRO_DIGITS, "0"));
  if (!Number.isSafeInteger(micros)) return null;
  return sign === "-" && micros > 0 ? -micros : micros;
}

/** The amount as a plain decimal, `"1.42"`: two to six decimals, no zeros after the second. */
export function usdOf(micros: Micros): string {
  if (!Number.isSafeInteger(micros)) throw new RangeError("An amount of money is a whole number of micro-units.");
  return plainUsd(BigInt(micros), MICRO_DIGITS);
}

/** The amount as a plain decimal, `"0.0007168"`: two to twelve decimals, no zeros after the second. */
export const usdOfPico = (pico: PicoUsd): string => plainUsd(pico, PICO_DIGITS);

/**
 * Reads an amount as a sender, a form or a `numeric(20,12)` column writes it, rounded half to even where it has more than
 * twelve decimals; null for any other text, a negative amount, and more than the column holds.
 */
export function picoOfText(usd: string): PicoUsd | null {
  const written = decimalOf(usd);
  if (written === null || written.digits < 0n) return null;
  const pico = roundedAt(written, PICO_DIGITS);
  return pico < PICO_LIMIT ? pico : null;
}

function plainUsd(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, "0");
  let fraction = digits.slice(-decimals);
  while (fraction.length > LEAST_DECIMALS && fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  return `${units < 0n ? "-" : ""}${digits.slice(0, -decimals)}.${fraction}`;
}
