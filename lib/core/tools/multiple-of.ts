/** Whether a number is a multiple of another as both are written in JSON: 19.99 is one of 0.01, though not in floats. */
export function isMultipleOf(number: number, unit: number): boolean {
  if (Number.isSafeInteger(number) && Number.isSafeInteger(unit)) return number % unit === 0;
  const [a, b] = [decimalOf(number), decimalOf(unit)];
  const exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
  const scaled = (decimal: Decimal) => decimal.digits * 10n ** BigInt(decimal.exponent - exponent);
  return scaled(a) % scaled(b) === 0n;
}

/** `digits` times ten to the power of `exponent`. */
type Decimal = { readonly digits: bigint; readonly exponent: number };

function decimalOf(number: number): Decimal {
  const [mantissa = "0", exponent = "0"] = String(number).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}
