/** Who has taken all seats: the one who asks, or everybody together. */
export type Full = "own" | "all";

/** Counts work that is under way: so much for each, and so much in all. */
export function createSeats({ mostOfOne, most }: { readonly mostOfOne: number; readonly most?: number }) {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    /** Takes a seat. @returns what gives it back, once however often it is called; or why there is none */
    take(who: string): (() => void) | Full {
      const own = taken.get(who) ?? 0;
      if (own >= mostOfOne) return "own";
      if (most !== undefined && all >= most) return "all";
      taken.set(who, own + 1);
      all += 1;
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        all -= 1;
        const left = (taken.get(who) ?? 1) - 1;
        if (left > 0) taken.set(who, left);
        else taken.delete(who);
      };
    },
  };
}
