/** The days of the week in the order `Date` counts them. */
export const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const DAYS_PER_WEEK = WEEKDAYS.length;
const MINUTES_PER_DAY = 24 * 60;

/** Hours as a manifest writes them. */
export type WindowText = {
  readonly days?: readonly Weekday[] | undefined;
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
};

/** A window ready to be asked. */
export type CompiledWindow = {
  readonly days: ReadonlySet<number>;
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly clock: Intl.DateTimeFormat;
  /** As people read it: `mon–fri 09:00–17:00 Europe/Berlin`. */
  readonly text: string;
};

/** Fixed locale, calendar and zone, so that no machine's settings reach an answer. */
function clockOf(timezone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
}

export function compileWindow(window: WindowText): CompiledWindow {
  const days = window.days ?? WEEKDAYS;
  return Object.freeze({
    days: new Set(days.map((day) => WEEKDAYS.indexOf(day))),
    fromMinute: minuteOf(window.from),
    toMinute: minuteOf(window.to),
    clock: clockOf(window.timezone),
    text: windowText(window),
  });
}

/** The window in words: `mon, tue 09:00–17:00 Europe/Berlin`. */
export function windowText(window: WindowText): string {
  const days = window.days === undefined || window.days.length === DAYS_PER_WEEK ? "every day" : window.days.join(", ");
  return `${days} ${window.from}–${window.to} ${window.timezone}`;
}

function minuteOf(time: string): number {
  const [hours = "0", minutes = "0"] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}

/** Whether an instant lies in the window; the end is not part of it. An instant that is no time lies in none. */
export function isInside(window: CompiledWindow, now: Date): boolean {
  if (Number.isNaN(now.getTime())) return false;
  const { weekday, minute } = wallClock(window.clock, now);
  if (weekday < 0) return false;
  if (window.fromMinute < window.toMinute) {
    return window.days.has(weekday) && minute >= window.fromMinute && minute < window.toMinute;
  }
  // Past midnight: the small hours belong to the day on which the window opened.
  const dayBefore = (weekday + DAYS_PER_WEEK - 1) % DAYS_PER_WEEK;
  return (
    (window.days.has(weekday) && minute >= window.fromMinute) ||
    (window.days.has(dayBefore) && minute < window.toMinute)
  );
}

function wallClock(clock: Intl.DateTimeFormat, now: Date): { weekday: number; minute: number } {
  let weekday = -1;
  let hours = 0;
  let minutes = 0;
  for (const { type, value } of clock.formatToParts(now)) {
    if (type === "weekday") weekday = WEEKDAYS.findIndex((day) => day === value.toLowerCase());
    else if (type === "hour") hours = Number(value);
    else if (type === "minute") minutes = Number(value);
  }
  return { weekday, minute: (hours * 60 + minutes) % MINUTES_PER_DAY };
}
