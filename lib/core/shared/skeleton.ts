import { lookAlikeOf } from "./confusables";
import { remembered } from "./remembered";

/** Marks, white space and what is not drawn at all: none of them makes a name a different one. */
const UNSEEN = /[\p{M}\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\s]/gu;

/**
 * A form that names which look alike share: compatibility forms, case, marks, invisible characters, letters of other
 * scripts, 0/o, 1/i/l, rn/m and vv/w make no difference; `_`, `-` and inner dots do.
 *
 * For comparing only, never for showing. Deny rules match skeletons, allow rules match exact bytes (`safety.md` T27).
 *
 * @source UTS 39 §4, made insensitive to case and marks
 */
export const skeletonOf = remembered((text: string): string => {
  let glyphs = "";
  for (const character of text.normalize("NFKD").replace(UNSEEN, "")) {
    glyphs += /\p{Pd}/u.test(character) ? "-" : lookAlikeOf(character);
  }
  const folded = glyphs.toLowerCase().replace(/[i1|]/g, "l").replaceAll("0", "o");
  return trimDots(folded.replaceAll("m", "rn").replaceAll("w", "vv"));
});

/** By hand: `/\.+$/` is quadratic on a long run of dots that does not end the text. */
function trimDots(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && text[from] === ".") from += 1;
  while (to > from && text[to - 1] === ".") to -= 1;
  return text.slice(from, to);
}
