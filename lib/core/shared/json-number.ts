/** The most significant digits `Number.prototype.toString` writes, hence the most a canonical number has. */
const MOST_DIGITS = 17;

const ZERO = 48;

type Decimal = { readonly digits: string; readonly exponent: number };

/**
 * The double a JSON number literal names, or null when no double is exactly what the literal's canonical form says.
 *
 * A literal is exact when it is numerically equal to its own RFC 8785 form: 1.10 and 1e2 are, 9007199254740993 and
 * 1E400 are not. Minus zero is not either, because RFC 8785 writes it as 0. Linear in the literal's length.
 *
 * @param literal matches the number grammar of RFC 8259 §6
 * @source RFC 8785 §3.2.2.3
 */
export function exactNumber(literal: string): number | null {
  const value = Number(literal);
  if (!Number.isFinite(value) || Object.is(value, -0)) return null;
  const canonical = String(value);
  if (literal === canonical) return value;

  const read = decimalOf(literal);
  if (read.digits.length > MOST_DIGITS) return null;
  const written = decimalOf(canonical);
  return read.digits === written.digits && read.exponent === written.exponent ? value : null;
}

/** The magnitude as `digits × 10^exponent`, without leading or trailing zeros, so equal values have equal parts. */
function decimalOf(literal: string): Decimal {
  const unsigned = literal.startsWith("-") ? literal.slice(1) : literal;
  const [mantissa = "", power = "0"] = unsigned.split(/e/i);
  const [whole = "", fraction = ""] = mantissa.split(".");
  const all = whole + fraction;

  // Loops, not /^0+/ and /0+$/: the second is quadratic on a long run of zeros that does not end the text.
  let from = 0;
  while (all.charCodeAt(from) === ZERO) from += 1;
  if (from === all.length) return { digits: "", exponent: 0 };
  let to = all.length;
  while (all.charCodeAt(to - 1) === ZERO) to -= 1;
  return { digits: all.slice(from, to), exponent: Number(power) - fraction.length + (all.length - to) };
}
