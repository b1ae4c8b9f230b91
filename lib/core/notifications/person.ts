import { z } from "zod";

import type { Band } from "@/lib/core/decisions/schema";
import { HOUR_MS } from "@/lib/core/shared/time";

import { isQuiet, quietEnd } from "./zone";
import { isZone } from "@/lib/core/shared/zone";

const Minute = z.int().min(0).max(1_439);

/** How one person wants to be told. */
export const Preferences = z
  .object({
    channel: z.enum(["email", "slack", "none"]),
    zone: z.string().max(64).refine(isZone, "is no time zone we know"),
    quiet: z.object({ from: Minute, to: Minute }).nullable(),
    critical_breaks: z.boolean(),
    /** The most messages in any hour, the digest among them. */
    hourly_cap: z.int().min(2).max(100),
  })
  .refine(({ quiet }) => quiet === null || quiet.from !== quiet.to, {
    path: ["quiet"],
    message: "quiet hours must end at another time than they begin",
  });
export type Preferences = z.infer<typeof Preferences>;

export const DEFAULT_PREFERENCES: Preferences = Object.freeze({
  channel: "email",
  zone: "UTC",
  quiet: null,
  critical_breaks: false,
  hourly_cap: 20,
});

const Clock = z.union([z.literal(""), z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time such as 22:00")]);

/** The same as a form sends it: times of day as text, a ticked box or none. */
export const PreferencesForm = z
  .strictObject({
    channel: Preferences.shape.channel,
    zone: Preferences.shape.zone,
    quiet_from: Clock.default(""),
    quiet_to: Clock.default(""),
    critical_breaks: z.literal("on").optional(),
    hourly_cap: z.coerce.number().int().min(2).max(100),
  })
  .refine((form) => (form.quiet_from === "") === (form.quiet_to === ""), {
    path: ["quiet_to"],
    message: "give both ends of the quiet hours, or neither",
  })
  .transform(({ quiet_from, quiet_to, critical_breaks, ...rest }) => ({
    ...rest,
    quiet: quiet_from === "" ? null : { from: minutes(quiet_from), to: minutes(quiet_to) },
    critical_breaks: critical_breaks === "on",
  }))
  .pipe(Preferences);

function minutes(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

/** What was sent to a person, as far back as the cap looks. */
export type Sent = { readonly at: Date; readonly digest: boolean };

/** What becomes of one message to a person now. */
export type Plan = { readonly do: "send" } | { readonly do: "wait"; readonly until: Date } | { readonly do: "digest" };

/**
 * Whether a message goes to a person now, after their quiet hours, or into their next digest.
 *
 * Low never interrupts. One place of the hour's cap is kept for the digest, so what is over the cap is still told. A
 * Critical one breaks quiet hours where the person allows it, and nothing breaks the cap.
 */
export function planFor(band: Band | null, wants: Preferences, sent: readonly Sent[], now: Date): Plan {
  const quiet = wants.quiet && { ...wants.quiet, zone: wants.zone };
  if (quiet && isQuiet(now, quiet) && !(band === "critical" && wants.critical_breaks))
    return { do: "wait", until: quietEnd(now, quiet) };
  if (band === "low") return { do: "digest" };
  return inLastHour(sent, now).length < wants.hourly_cap - 1 ? { do: "send" } : { do: "digest" };
}

/** When a person's next digest may go: an hour after the first it holds and after the last digest, never in quiet hours. */
export function digestAt(wants: Preferences, sent: readonly Sent[], firstKept: Date): Date {
  const last = sent.filter(({ digest }) => digest).reduce((latest, { at }) => Math.max(latest, at.getTime()), 0);
  const at = new Date(Math.max(firstKept.getTime(), last) + HOUR_MS);
  return wants.quiet ? quietEnd(at, { ...wants.quiet, zone: wants.zone }) : at;
}

const inLastHour = (sent: readonly Sent[], now: Date): readonly Sent[] =>
  sent.filter(({ at }) => at.getTime() > now.getTime() - HOUR_MS);
