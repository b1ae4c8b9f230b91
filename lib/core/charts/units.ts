import { divideHalfEven } from "@/lib/core/shared/decimal";
import { usdOfPico } from "@/lib/core/shared/money";

/**
 * What a figure counts. Its amounts are exact text: `usd` whole picodollars, `share` a decimal from 0 to 1, the others
 * whole or decimal numbers.
 */
export type Unit = "usd" | "count" | "tokens" | "share" | "milliseconds";

const PICO = 12;
const MINUS = "−";

/** The amount as a number to draw with; text and sums never come from it. */
export function drawnOf(unit: Unit, amount: string): number {
  return unit === "usd" ? Number(amount) / 1e12 : Number(amount);
}

/** The amount as a cell or a sentence shows it, `$2,699.04`, `1,204`, `98.7 %`, `340 ms`. */
export function amountText(unit: Unit, amount: string): string {
  if (unit === "usd") return usdText(BigInt(amount));
  const value = Number(amount);
  const sign = value < 0 ? MINUS : "";
  const size = Math.abs(value);
  if (unit === "share") return `${sign}${(size * 100).toFixed(1)} %`;
  if (unit === "milliseconds") return `${sign}${millisecondsText(size)}`;
  return `${sign}${size.toLocaleString("en-US", { maximumFractionDigits: 1 })}`;
}

/** The amount as a spreadsheet reads it: dollars as a plain decimal, everything else as it is. */
export function amountCell(unit: Unit, amount: string | null): string | number | null {
  if (amount === null) return null;
  if (unit !== "usd") return Number(amount);
  // As text it keeps every digit; a negative amount as text would be disarmed like a formula.
  return amount.startsWith("-") ? Number(usdOfPico(BigInt(amount))) : usdOfPico(BigInt(amount));
}

/** Dollars and cents from one dollar up, three significant digits below, so that a cheap call is not shown as free. */
export function usdText(picos: bigint): string {
  const size = picos < 0n ? -picos : picos;
  const sign = picos < 0n ? MINUS : "";
  if (size === 0n) return "$0";
  const decimals = size >= 10n ** BigInt(PICO) ? 2 : Math.max(2, PICO - String(size).length + 3);
  const kept = Math.min(PICO, decimals);
  const units = divideHalfEven(size, 10n ** BigInt(PICO - kept));
  const digits = String(units).padStart(kept + 1, "0");
  const whole = BigInt(digits.slice(0, -kept)).toLocaleString("en-US");
  const fraction = digits.slice(-kept).replace(/0+$/, "").padEnd(2, "0");
  return `${sign}$${whole}.${fraction}`;
}

function millisecondsText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

/** A number beside an axis, short: `$50`, `1.2k`, `25 %`. */
export function tickText(unit: Unit, value: number): string {
  if (unit === "share") return `${Number((value * 100).toFixed(2))} %`;
  if (unit === "milliseconds") return value === 0 ? "0" : millisecondsText(value);
  const dollar = unit === "usd" ? "$" : "";
  if (value >= 1_000_000) return `${dollar}${Number((value / 1_000_000).toFixed(2))}M`;
  if (value >= 1_000) return `${dollar}${Number((value / 1_000).toFixed(2))}k`;
  return `${dollar}${Number(value.toPrecision(3))}`;
}

/** How an amount differs from the one before it: signed, absolute, and the share where there is one to take. */
export type Difference = { readonly change: string; readonly percent: string | null; readonly before: string };

/** The difference of two amounts in words. Shares differ in points, and nothing is a percentage of nothing. */
export function differenceOf(unit: Unit, now: string, before: string): Difference {
  const was = amountText(unit, before);
  if (unit === "usd") {
    const change = BigInt(now) - BigInt(before);
    return {
      change: signed(change > 0n, usdText(change)),
      percent: percentOf(Number(change), Number(before)),
      before: was,
    };
  }
  const change = Number(now) - Number(before);
  if (unit === "share") {
    const points = `${change < 0 ? MINUS : ""}${Math.abs(change * 100).toFixed(1)} points`;
    return { change: signed(change > 0, points), percent: null, before: was };
  }
  return {
    change: signed(change > 0, amountText(unit, String(change))),
    percent: percentOf(change, Number(before)),
    before: was,
  };
}

/** A difference by itself: signed, or a plain zero. */
export const signedText = (unit: Unit, amount: string): string => signed(Number(amount) > 0, amountText(unit, amount));

const signed = (isMore: boolean, text: string): string => (isMore ? `+${text}` : text);

function percentOf(change: number, before: number): string | null {
  if (before === 0) return null;
  const percent = (change / before) * 100;
  const size = Math.abs(percent);
  const digits = size.toLocaleString("en-US", { maximumFractionDigits: size < 10 ? 1 : 0 });
  if (Number(digits.replaceAll(",", "")) === 0) return "0 %";
  return `${percent > 0 ? "+" : MINUS}${digits} %`;
}
