/** A whole number with separators. */
export const whole = (value: number): string => Math.round(value).toLocaleString("en-US");

/** A number with as many digits as mean something; "n/a" where nothing was measured. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "n/a";
  if (Math.abs(value) >= 100) return whole(value);
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}
