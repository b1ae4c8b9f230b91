import type { EffectView } from "./effect";
import { counted } from "./part";

/** What was wrong with an action as far as it could be counted, for the person who refused it; null when nothing was. */
export function caughtText(
  view: Pick<EffectView, "mismatch" | "idsNotListed" | "hiddenCharacters" | "hosts">,
): string | null {
  const { mismatch, idsNotListed, hiddenCharacters, hosts } = view;
  const words: string[] = [];
  if (mismatch?.outside) words.push(`${counted(mismatch.outside, "row")} not in the stated request`);
  else if (mismatch !== null) words.push("its rows did not fit the stated request");
  if (idsNotListed > 0) words.push(`${counted(idsNotListed, "id")} not in the dry run`);
  if (hiddenCharacters > 0) words.push(counted(hiddenCharacters, "hidden character"));
  if (hosts.length > 0)
    words.push(
      `${counted(hosts.length, "host")} that may not be what ${hosts.length === 1 ? "it reads" : "they read"} as`,
    );
  return words.length === 0 ? null : words.join(", ");
}
