/** `digits × 10^exponent`: a decimal exactly as it was written. */
export type Decimal = { readonly digits: bigint; readonly exponent: number };

const WRITTEN = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads a decimal as people, `numeric` columns and `String(number)` write it; null for any other text. */
export function decimalOf(text: string): Decimal | null {
  const parts = WRITTEN.exec(text);
  if (!parts) return null;
  const [, sign, whole = "", fraction = "", power = "0"] = parts;
  const digits = BigInt(whole + fraction);
  return { digits: sign === "-" ? -digits : digits, exponent: Number(power) - fraction.length };
}

/**
 * How to write what looks like a number with a decimal comma or with marks between thousands, as a sentence: `Write 1.50.`
 * It is not read as such, because `1,234` can be either. Empty for any other text.
 */
export function commaHint(text: string): string {
  const comma = /^(-?\d{1,40}),(\d{1,40})$/.exec(text);
  if (comma && comma[2]?.length !== 3) return ` Write ${comma[1]}.${comma[2]}.`;
  const isMarked = /^-?\d[\d.,' \u00A0\u202F]*\d$/.test(text) && decimalOf(text) === null;
  return isMarked ? " Write numbers with a point before the decimals and nothing between thousands, as 1234.56." : "";
}

/** The value as a whole number of `10^-decimals`; null where that would lose a digit. */
export function exactAt(value: Decimal, decimals: number): bigint | null {
  const power = value.exponent + decimals;
  if (power >= 0) return value.digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return value.digits % divisor === 0n ? value.digits / divisor : null;
}

/** The value as a whole number of `10^-decimals`, rounded half to even. */
export function roundedAt(value: Decimal, decimals: number): bigint {
  const power = value.exponent + decimals;
  return power >= 0 ? value.digits * 10n ** BigInt(power) : divideHalfEven(value.digits, 10n ** BigInt(-power));
}

/** `dividend / divisor` rounded to the nearest whole number, a tie to the even one. @param divisor > 0 */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const magnitude = dividend < 0n ? -dividend : dividend;
  const below = magnitude / divisor;
  const twice = (magnitude % divisor) * 2n;
  const rounded = twice > divisor || (twice === divisor && below % 2n === 1n) ? below + 1n : below;
  return dividend < 0n ? -rounded : rounded;
}
