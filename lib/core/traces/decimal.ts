/** A finite double as the decimal that it prints as, without an exponent. */
export function decimalText(value: number): string {
  const text = String(value);
  const [mantissa = "", power] = text.split("e");
  if (power === undefined) return text;
  const sign = mantissa.startsWith("-") ? "-" : "";
  const [whole = "", fraction = ""] = mantissa.slice(sign.length).split(".");
  const point = whole.length + Number(power);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  const rest = digits.slice(point);
  return `${sign}${digits.padEnd(point, "0").slice(0, point)}${rest === "" ? "" : `.${rest}`}`;
}

/** The exact sum of decimals that are not negative, as `decimalText` writes them. */
export function sumOfDecimals(texts: readonly string[]): string {
  const decimals = Math.max(0, ...texts.map((text) => text.split(".")[1]?.length ?? 0));
  let sum = 0n;
  for (const text of texts) {
    const [whole = "0", fraction = ""] = text.split(".");
    sum += BigInt(whole + fraction.padEnd(decimals, "0"));
  }
  if (decimals === 0) return sum.toString();
  const digits = sum.toString().padStart(decimals + 1, "0");
  const fraction = digits.slice(-decimals);
  let end = fraction.length;
  while (end > 0 && fraction[end - 1] === "0") end -= 1;
  const whole = digits.slice(0, -decimals);
  return end === 0 ? whole : `${whole}.${fraction.slice(0, end)}`;
}
