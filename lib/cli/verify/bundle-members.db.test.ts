import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { BUNDLE_LINES } from "@/lib/core/ledger/bundle-line";
import type { VerifierKey } from "@/lib/core/ledger/verifier-key";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { fetchBundle, fetchVerifierKey, givenLedgerRun, type LedgerRun } from "@/lib/testing/ledger-run";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";
import { verifyAgain } from "@/lib/testing/second-verifier";
import { chanceOf, changedAt, counted, linesOf, otherValue, partsOf, placesOf } from "@/lib/testing/tamper";

import { reportText } from "./report-text";
import { type Report, verifyBundle } from "./verify-bundle";

let replicas: Replicas;
let run: LedgerRun;
let bundle: readonly string[];
let key: VerifierKey;
let honest: Report;

beforeAll(async () => {
  replicas = await startReplicas(1);
  const url = replicas.urls[0] ?? "";
  run = await givenLedgerRun(url);
  bundle = await fetchBundle(url, run.admin);
  key = await fetchVerifierKey(url, run.admin);
  honest = await verify(bundle);
}, 60_000);
afterAll(() => replicas.stop());

const verify = (lines: readonly string[]) =>
  verifyBundle([lines], { keys: [key], since: null, receipts: [], now: () => performance.now() });

const rowOf = (line: string): JsonObject => {
  const value: Json = JSON.parse(line);
  if (!isJsonObject(value)) throw new Error("no line");
  return value;
};
const withLine = (at: number, ...texts: readonly string[]) => bundle.toSpliced(at, 1, ...texts);
/** The bundle with an end that names the number of its lines, as whoever changes it would write it. */
const recounted = (lines: readonly string[]) => linesOf(counted(partsOf(lines)));

/** The first line and the last of each kind, and of the entries one of each kind. */
function samples(): readonly number[] {
  const rows = bundle.map(rowOf);
  const kinds = rows.map(({ type, entry }) => `${String(type)} ${isJsonObject(entry) ? String(entry["kind"]) : ""}`);
  return [...bundle.keys()].filter(
    (at) => kinds.indexOf(kinds[at] ?? "") === at || kinds.lastIndexOf(kinds[at] ?? "") === at,
  );
}

/** Which of these bundles are found OK and claim what the honest one does. */
async function missed(made: Iterable<readonly [string, readonly string[]]>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, lines] of made) {
    const { code, checkpoints } = await verify(lines);
    if (code === 0 && checkpoints === honest.checkpoints) found.push(name);
  }
  return found;
}

describe("every kind of line of an honest bundle", () => {
  test("is there, and verifies", () => {
    const types = new Set(bundle.map((line) => rowOf(line)["type"]));
    expect(BUNDLE_LINES.filter((type) => type !== "guardrail" && !types.has(type))).toEqual([]);
    expect(honest).toMatchObject({ code: 0, findings: [], judged: 18, withheld: [] });
    expect(reportText(honest)).toMatch(/^OK\n/);
  });

  test("no member can be changed, removed or added", { timeout: 240_000 }, async () => {
    function* made(): Generator<readonly [string, readonly string[]]> {
      for (const at of samples()) {
        const row = rowOf(bundle[at] ?? "");
        for (const name of Object.keys(row)) {
          const chance = chanceOf(at);
          const value = row[name] ?? null;
          yield [`${at} other ${name}`, withLine(at, canonicalJson({ ...row, [name]: otherValue(chance, value) }))];
          const places = placesOf({ [name]: value });
          const within = changedAt(row, chance.one(places), (old) => otherValue(chance, old));
          yield [`${at} within ${name}`, withLine(at, canonicalJson(within))];
          const { [name]: _gone, ...rest } = row;
          yield [`${at} without ${name}`, withLine(at, canonicalJson(rest))];
          yield [`${at} null ${name}`, withLine(at, canonicalJson({ ...row, [name]: null }))];
        }
        for (const name of ["agent", "version", "facts", "checks", "exported_at"])
          yield [`${at} more ${name}`, withLine(at, canonicalJson({ ...row, [name]: { agent: { level: 1 } } }))];
      }
    }
    expect(await missed(made())).toEqual([]);
  });

  test("no line can be dropped, doubled or moved, nor be spelled otherwise", { timeout: 240_000 }, async () => {
    function* made(): Generator<readonly [string, readonly string[]]> {
      for (const at of samples()) {
        const line = bundle[at] ?? "";
        yield [`${at} dropped`, withLine(at)];
        yield [`${at} doubled`, withLine(at, line, line)];
        if (at > 0 && at < bundle.length - 1) {
          yield [`${at} dropped and recounted`, recounted(withLine(at))];
          yield [`${at} doubled and recounted`, recounted(withLine(at, line, line))];
          yield [`${at} moved`, withLine(at).toSpliced(at + 1, 0, line)];
        }
        const [name = ""] = Object.keys(rowOf(line));
        const member = JSON.stringify(name);
        const spellings = [
          `${line} `,
          ` ${line}`,
          `${line}\r`,
          `\uFEFF${line}`,
          line.replace(":", ": "),
          line.replace(/:(\d+)([,}])/, ":$1.0$2"),
          line.replace(/:(\d+)([,}])/, ":$1e0$2"),
          line.replace("{", `{${member}:1,`),
          line.replace(/"([a-z])/, (_all, letter: string) => `"\\u00${letter.charCodeAt(0).toString(16)}`),
          JSON.stringify(Object.fromEntries(Object.entries(rowOf(line)).toReversed())),
        ];
        for (const [which, text] of spellings.entries())
          if (text !== line) yield [`${at} spelling ${which}`, withLine(at, text)];
      }
    }
    expect(await missed(made())).toEqual([]);
  });
});

describe("payloads that are withheld", () => {
  const withheld = (state: string, below: number) =>
    bundle.map((line) => {
      const { type, index = 0, decision = "" } = rowOf(line);
      return type === "payload" && Number(index) < below ? canonicalJson({ type, index, decision, state }) : line;
    });

  test.each(["pruned", "erased"])("as %s are named by index, and never OK", async (state) => {
    const report = await verify(withheld(state, Number.POSITIVE_INFINITY));
    expect(report).toMatchObject({ code: 2, judged: 0, erased: 0 });
    expect(report.withheld).toHaveLength(18);
    expect(reportText(report)).toContain("18: ");
    const first = Math.min(...report.withheld);
    expect((await verify(withheld(state, first + 1))).withheld).toEqual([first]);
  });
});

describe("a second verifier, written from the published format", () => {
  test("finds an honest bundle and its receipts right, and what the first finds wrong by hash or signature as well", async () => {
    expect(verifyAgain(bundle, key.text, run.receipts)).toBeNull();
    const wrong: string[] = [];
    for (const at of samples()) {
      const row = rowOf(bundle[at] ?? "");
      const lines = withLine(
        at,
        canonicalJson(changedAt(row, chanceOf(at).one(placesOf(row)), (old) => otherValue(chanceOf(at), old))),
      );
      if ((await verify(lines)).code === 0 || verifyAgain(lines, key.text, []) === null) wrong.push(`${at}`);
      if (at < bundle.length - 1 && verifyAgain(withLine(at), key.text, []) === null) wrong.push(`${at} dropped`);
    }
    expect(wrong).toEqual([]);
    const [receipt = ""] = run.receipts;
    expect(verifyAgain(bundle, key.text, [`${receipt.slice(0, -6)}AAAAAA`])).not.toBeNull();
  });
});
