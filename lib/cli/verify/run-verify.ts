import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

import { NO_VERDICT } from "@/lib/core/ledger/exit-codes";
import { readVerifierKey, type VerifierKey } from "@/lib/core/ledger/verifier-key";
import { sha256 } from "@/lib/platform/ed25519";

import { diffCheckpoints } from "./diff-checkpoints";
import { readLines } from "./read-lines";
import { receiptsIn } from "./receipts";
import { reportText } from "./report-text";
import { verifyBundle } from "./verify-bundle";

/** What the command was given. */
export type VerifyArguments = {
  readonly bundle: string;
  /** Verifier keys, or files that hold one. */
  readonly keys: readonly string[];
  readonly since?: string | undefined;
  /** Files or folders. */
  readonly receipts: readonly string[];
  readonly json?: boolean | undefined;
};

/** What was asked makes no sense: a key that is none, two bundles at once. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A file that was named is not there or cannot be read: nothing is known about what it holds. */
export class UnreadableError extends Error {
  override readonly name = "UnreadableError";
}

/** The code to end with where there is no verdict. */
export function exitCodeOfFailure(error: unknown): (typeof NO_VERDICT)[keyof typeof NO_VERDICT] {
  if (error instanceof UsageError) return NO_VERDICT.usage;
  return error instanceof UnreadableError ? NO_VERDICT.unreadable : NO_VERDICT.fault;
}

/**
 * Verifies a bundle and says what it found; needs no server and no network.
 *
 * @returns what to print and the exit code: 0 ok, 1 tampered, 2 incomplete, 3 unknown key
 * @throws {UsageError} for a key that is none
 * @throws {UnreadableError} when a file cannot be read
 */
export async function runVerify(given: VerifyArguments): Promise<{ readonly text: string; readonly code: number }> {
  const keys = given.keys.map(keyOf);
  const since = given.since === undefined ? null : textOf(given.since);
  const receipts = given.receipts.flatMap(filesIn).flatMap((file) => receiptsIn(textOf(file)));
  checkReadable(given.bundle);
  const report = await verifyBundle(readable(given.bundle), { keys, since, receipts, now: () => performance.now() });
  return { text: given.json ? JSON.stringify(report) : reportText(report), code: report.code };
}

/** Compares two checkpoints kept in files; the same exit codes. @throws as `runVerify` */
export function runDiff(given: {
  readonly files: readonly [string, string];
  readonly keys: readonly string[];
  readonly json?: boolean | undefined;
}): { readonly text: string; readonly code: number } {
  const [one, other] = given.files;
  const diff = diffCheckpoints([textOf(one), textOf(other)], given.keys.map(keyOf));
  return { text: given.json ? JSON.stringify(diff) : diff.sentence, code: diff.code };
}

/** A file that breaks off in the middle of its compression ends there: what came before is judged, and found short. */
async function* readable(file: string): AsyncGenerator<readonly string[]> {
  try {
    yield* readLines(file);
  } catch {
    yield ["unreadable from here on"];
  }
}

function keyOf(given: string): VerifierKey {
  const key = readVerifierKey(sha256, given) ?? (isKeyText(given) ? null : readVerifierKey(sha256, textOf(given)));
  if (key === null) throw new UsageError(`${given} is no verifier key (name+hash+key).`);
  return key;
}

/** Two pluses, and no file of that name: a key that was mistyped, not a file that is missing. */
const isKeyText = (given: string): boolean => given.split("+").length > 2 && !existsSync(given);

/** What is no file, or may not be read, must not look like a file that breaks off at its beginning. */
function checkReadable(file: string): void {
  try {
    closeSync(openSync(file, "r"));
  } catch (cause) {
    throw new UnreadableError(`${file} cannot be read.`, { cause });
  }
  if (!statSync(file).isFile()) throw new UnreadableError(`${file} is no file.`);
}

function filesIn(place: string): readonly string[] {
  try {
    if (!statSync(place).isDirectory()) return [place];
    return readdirSync(place)
      .toSorted()
      .map((name) => path.join(place, name))
      .filter((file) => statSync(file).isFile());
  } catch (cause) {
    throw new UnreadableError(`${place} cannot be read.`, { cause });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new UnreadableError(`${file} cannot be read.`, { cause });
  }
}
