import type { AskedLately, Flood } from "./flood";

/** `has 10 waiting and was refused 37 more in 5 min`. */
export function floodText({ waiting, refused, since, now }: Flood): string {
  const minutes = Math.max(1, Math.round((now.getTime() - since.getTime()) / 60_000));
  return `has ${waiting} waiting and was refused ${refused} more in ${minutes} min`;
}

const WORTH_SAYING = 3;

/** How often much the same was asked and refused, from the third time on, else null. */
export function askedText({ asked, denied }: AskedLately): string | null {
  if (asked < WORTH_SAYING) return null;
  if (denied === 0) return `Asked ${asked} times within an hour: the same tool with other values. None was denied.`;
  return `Asked ${asked} times, denied ${denied}: the same tool with other values, within an hour.`;
}
