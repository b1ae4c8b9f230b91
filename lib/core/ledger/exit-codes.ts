import { VERDICT_WORDS } from "./finding";

/**
 * What verifying ends with where it comes to no verdict, apart from every verdict: nothing was said about the ledger.
 *
 * @source sysexits.h: EX_USAGE, EX_NOINPUT, EX_SOFTWARE
 */
export const NO_VERDICT = { usage: 64, unreadable: 66, fault: 70 } as const;

/** The one table of exit codes, as the command, the file of its own and the manual print it. */
export const EXIT_CODES: readonly (readonly [code: number, meaning: string])[] = [
  [0, `${VERDICT_WORDS[0]}: every entry is signed for, and every verdict that can be judged follows`],
  [1, `${VERDICT_WORDS[1]}: something is not what was signed or committed to, or contradicts itself`],
  [2, `${VERDICT_WORDS[2]}: something is missing, withheld or not proven`],
  [3, `${VERDICT_WORDS[3]}: no key that was given vouches for this log`],
  [NO_VERDICT.usage, "wrong usage: an option or a key that cannot be read"],
  [NO_VERDICT.unreadable, "a file that was named is not there or cannot be read"],
  [NO_VERDICT.fault, "the verifier itself failed"],
];

/** The table as text, a code a line. */
export const exitCodesText = (): string =>
  EXIT_CODES.map(([code, meaning]) => `  ${String(code).padEnd(3)} ${meaning}`).join("\n");
