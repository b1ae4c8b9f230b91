/** Different names that are counted; what has more of them is counted together. */
const MOST_NAMES = 100;

/** Counts, by name, the items of a body that are not about agents. */
export class PassedOver {
  readonly counts = new Map<string, number>();

  add(name: string): void {
    const known = this.counts.has(name) || this.counts.size < MOST_NAMES ? name : "(other names)";
    this.counts.set(known, (this.counts.get(known) ?? 0) + 1);
  }
}
