import { FEWEST_FOR_RATE, type Share } from "@/lib/core/shared/statistics";

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Whether there is enough to call it a rate. */
export const isRate = ({ n }: Share): boolean => n >= FEWEST_FOR_RATE;

/** A share in words: `93.1 % (90.2 to 95.2 %), n = 412`; below twenty only how many there are. */
export function shareText(share: Share): string {
  const { hits, n, low, high } = share;
  if (n === 0) return "nothing yet";
  if (!isRate(share)) return `too few (${n})`;
  return `${percent(hits / n)} (${(low * 100).toFixed(1)} to ${percent(high)}), n = ${n.toLocaleString("en")}`;
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** A duration as people say it: `under 1 s`, `8 s`, `2 min 5 s`, `1 h 40 min`, `3 d 2 h`. */
export function durationText(seconds: number): string {
  if (seconds < 1) return "under 1 s";
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  const [big, small, unit, rest] =
    whole < HOUR
      ? ([MINUTE, 1, "min", "s"] as const)
      : whole < DAY
        ? ([HOUR, MINUTE, "h", "min"] as const)
        : ([DAY, HOUR, "d", "h"] as const);
  const left = Math.floor((whole % big) / small);
  return left === 0 ? `${Math.floor(whole / big)} ${unit}` : `${Math.floor(whole / big)} ${unit} ${left} ${rest}`;
}

/** How far agreement goes beyond chance, in the words of Landis and Koch (1977). */
export function agreementText(kappa: number): string {
  if (kappa < 0) return "less than chance";
  if (kappa <= 0.2) return "slight";
  if (kappa <= 0.4) return "fair";
  if (kappa <= 0.6) return "moderate";
  return kappa <= 0.8 ? "substantial" : "almost perfect";
}
