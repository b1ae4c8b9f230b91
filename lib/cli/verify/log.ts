import type { Findings } from "@/lib/core/ledger/finding";
import { readRotation, type Rotation } from "@/lib/core/ledger/trust";
import { readLine } from "@/lib/core/ledger/bundle-line";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { sha256, verifyEd25519 } from "@/lib/platform/ed25519";

import { type Approvals, createApprovals } from "./approvals";
import { DecisionEntry } from "./facts";
import { createNamed, type Named } from "./named";

/** What the entries say, as far as later lines and other entries must agree with it. */
export type Log = {
  /** Reads an entry's canonical text; it is covered by the tree whatever it says. */
  read(raw: string, index: number): void;
  readonly rotations: readonly Rotation[];
  readonly approvals: Approvals;
  /** A decision's entry by its index; null for another kind of entry. */
  decision(index: number): DecisionEntry | null;
  /** Indexes of decisions no payload record was shown for. */
  unaccounted(): readonly number[];
  readonly named: Named;
  isErased(decision: string): boolean;
  wasQuarantined(toolHash: string): boolean;
  readonly decisions: number;
  /** Says what contradicts itself across entries; after the last. Without a header there is no workspace to be of. */
  finish(workspace: string | null, findings: Findings): void;
};

type Outcome = { readonly decision: string; readonly index: number };

/** Decisions are kept as text and read when their payload comes: a million of them as objects would not fit. */
export function createLog(findings: Findings): Log {
  const decisions = new Map<number, string>();
  const accounted = new Set<number>();
  const verdicts = new Map<string, { readonly verdict: string; readonly index: number }>();
  const outcomes: Outcome[] = [];
  const rotations: Rotation[] = [];
  const erased = new Map<string, number>();
  const quarantined = new Set<string>();
  const published = new Map<string, number>();
  const uses: { readonly what: string; readonly name: string; readonly index: number }[] = [];
  const workspaces = new Map<string, number>();
  const named = createNamed();
  const approvals = createApprovals();

  function decided(body: JsonObject, index: number, raw: string): void {
    const id = String(body["id"]);
    const earlier = verdicts.get(id);
    if (earlier) findings.add("tampered", "decided_twice", index, `Entry ${earlier.index} is the same decision.`);
    decisions.set(index, raw);
    const verdict = String(body["verdict"]);
    verdicts.set(id, { verdict, index });
    const manifest = body["manifest_hash"] ?? null;
    const name = `${String(body["agent"])} ${String(body["manifest_version"])} ${String(manifest)}`;
    if (manifest !== null && !published.has(name)) uses.push({ what: "manifest", name, index });
    const approval = body["approval"] ?? null;
    if (approval === null) return;
    const about = { at: String(body["at"]), index };
    const action = body["action"] ?? body["action_digest"];
    if (verdict === "require_approval") approvals.asked(String(approval), { ...about, digest: String(action) });
    const approved = body["approved_action"] ?? body["action_digest"];
    if (verdict === "allow") approvals.used(String(approval), { ...about, digest: String(approved) });
  }

  function noted(kind: string, body: JsonObject, index: number): void {
    const details = objectOf(body["details"]);
    if (kind.startsWith("approval.")) approvals.note(kind, body, index);
    else if (kind === "payload.erase") erased.set(String(details["decision_id"]), index);
    else if (kind === "manifest.publish")
      published.set(`${String(details["agent"])} ${String(details["version"])} ${String(details["hash"])}`, index);
    else if (kind === "tool.register" && details["status"] === "quarantined") quarantined.add(String(details["hash"]));
    else if (kind === "ledger.rotate") {
      const rotation = readRotation({ sha256, verify: verifyEd25519 }, details, index, findings);
      if (rotation) rotations.push(rotation);
    }
  }

  return {
    rotations,
    named,
    approvals,
    get decisions() {
      return decisions.size;
    },
    read(raw, index) {
      const body = readLine(raw);
      if (!body) return findings.add("tampered", "malformed", index, "The entry is not canonical JSON.");
      const kind = String(body["kind"]);
      const workspace = body["workspace"];
      if (typeof workspace === "string" && !workspaces.has(workspace)) workspaces.set(workspace, index);
      named.read(body, index);
      if (kind === "decision") decided(body, index, raw);
      else if (kind === "outcome") outcomes.push({ decision: String(body["decision"]), index });
      else noted(kind, body, index);
    },
    decision(index) {
      const raw = decisions.get(index);
      if (raw === undefined) return null;
      accounted.add(index);
      // Canonical JSON it was found to be before.
      return DecisionEntry.safeParse(JSON.parse(raw)).data ?? null;
    },
    unaccounted: () => [...decisions.keys()].filter((index) => !accounted.has(index)),
    isErased: (decision) => erased.has(decision),
    wasQuarantined: (toolHash) => quarantined.has(toolHash),
    finish(workspace, into) {
      finishWorkspaces(workspaces, workspace, into);
      for (const { name, index } of uses)
        if (!published.has(name)) into.add("tampered", "never_published", index, "No entry published its manifest.");
      finishOutcomes(outcomes, verdicts, into);
      approvals.finish(into);
    },
  };
}

function finishWorkspaces(workspaces: ReadonlyMap<string, number>, workspace: string | null, findings: Findings): void {
  for (const [name, index] of workspaces)
    if (workspace !== null && name !== workspace)
      findings.add("tampered", "other_workspace", index, `The entry is of workspace ${name}.`);
}

function finishOutcomes(
  outcomes: readonly Outcome[],
  verdicts: ReadonlyMap<string, { readonly verdict: string }>,
  findings: Findings,
): void {
  const reported = new Map<string, number>();
  for (const { decision, index } of outcomes) {
    const verdict = verdicts.get(decision)?.verdict;
    if (verdict !== "allow") {
      const what = verdict === undefined ? "no decision" : `a decision that says ${verdict}`;
      findings.add("tampered", "outcome_without_allow", index, `It is the outcome of ${what}: ${decision}.`);
    }
    const earlier = reported.get(decision);
    if (earlier !== undefined)
      findings.add("tampered", "two_outcomes", index, `Entry ${earlier} is an outcome of the same decision.`);
    reported.set(decision, index);
  }
}

const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
