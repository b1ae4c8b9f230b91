/** More than there are zones. */
const MOST_FORMATS = 700;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether this is a time zone we know, such as Europe/Berlin. */
export function isZone(zone: string): boolean {
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** The clock of a zone, whose name may have any letter case. @throws {RangeError} for no zone */
export function clockOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  // Any letter case of a name is the zone, so that addresses could fill the memory with them.
  if (formats.size >= MOST_FORMATS) formats.clear();
  const made = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false });
  formats.set(zone, made);
  return made;
}

/** The one name of a zone that has several, whatever its letter case. */
export const canonicalZone = (zone: string): string => clockOf(zone).resolvedOptions().timeZone;
