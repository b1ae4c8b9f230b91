import type { AllowedCommand } from "./allowed-commands";
import type { AllowedStatement } from "./allowed-statements";
import type { Program } from "./shell-reading";
import type { SqlReader } from "./sql-reading";

/**
 * `harmless`: positively known to only read. `named`: the manifest names it. `destructive`: known to destroy. Everything
 * else is `unknown`, which counts as irreversible.
 */
export type Harm = "harmless" | "named" | "destructive" | "unknown";

/** What is known of one program of a command, or of one statement. */
export type Judged<Part> = {
  readonly part: Part;
  readonly harm: Harm;
  /** Why, to follow the part's own text; empty where it is harmless. */
  readonly why: string;
  /** Whether the manifest names it; what destroys stays destructive all the same. */
  readonly isNamed: boolean;
  /** The programs it starts, where they are written out: `bash -c "…"`, `xargs …`. */
  readonly inner: readonly Judged<Program>[];
};

/** What a judge may rely on beside the table of harmless programs. */
export type Terms = {
  /** One list for each entry of the manifest about the tool: what is named, each of them names. */
  readonly commands: readonly (readonly AllowedCommand[])[];
  readonly statements: readonly (readonly AllowedStatement[])[];
  readonly readSql: SqlReader;
};

const GRAVITY: Readonly<Record<Harm, number>> = { harmless: 0, named: 1, unknown: 2, destructive: 3 };

/** Whether every list has one that fits; none fits where there is no list. */
export const eachNames = <T>(lists: readonly (readonly T[])[], fits: (one: T) => boolean) =>
  lists.length > 0 && lists.every((list) => list.some(fits));

/** The graver of two. */
export const graver = (one: Harm, other: Harm): Harm => (GRAVITY[other] > GRAVITY[one] ? other : one);
