import { createHash } from "node:crypto";

import { leafOfEntry } from "@/lib/core/ledger/append-entries";
import { rootOfLeaves } from "@/lib/core/ledger/merkle";
import { asJsonObject } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { digestOf } from "@/lib/core/shared/digest";
import { payloadCommitment, sha256Hex } from "@/lib/services/decisions/digests";

import type { State } from "./state";
import { groupBy, indexBy, violation, type Violation } from "./violation";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** 6, as far as the database knows it: a key names one decision of its agent and session, made for that very body. */
export function keyViolations({ keys, decisions, sessions }: State): Violation[] {
  const byId = indexBy(decisions, ({ id }) => id);
  const names = indexBy(sessions, ({ id }) => id);
  const found: Violation[] = [];
  for (const { key, agent_id, session, fingerprint, decision_id } of keys) {
    const decision = byId.get(decision_id);
    const isOurs = decision?.agent_id === agent_id && names.get(decision.session_id)?.external_id === session;
    if (!decision || !isOurs) found.push(violation(6, `key ${key} names no decision of its agent and session`));
    else if (digestOf(sha256Hex, asJsonObject(callOf(decision.call))) !== fingerprint)
      found.push(violation(6, `key ${key} was given for another body than was decided`));
  }
  for (const [id, same] of groupBy(keys, ({ decision_id }) => decision_id)) {
    if (same.length > 1) found.push(violation(6, `decision ${id} answers ${same.length} keys`));
  }
  return found;
}

const callOf = (call: unknown): object => (typeof call === "object" && call !== null ? call : {});

/** 7: decisions and outcomes have one entry each that says the same, and no entry speaks of what is not there. */
export function recordViolations(state: State): Violation[] {
  const entries = groupBy(state.entries, ({ id }) => id);
  const found: Violation[] = [];
  for (const decision of state.decisions) {
    const [entry, ...more] = entries.get(decision.id) ?? [];
    if (!entry || more.length > 0) {
      found.push(violation(7, `decision ${decision.id} has ${entry ? 1 + more.length : 0} ledger entries`));
      continue;
    }
    const { verdict, rule, tool, tool_hash, action_digest, manifest_version, manifest_hash, step } = decision;
    const said = { verdict, rule, tool, tool_hash, manifest_version, manifest_hash, step };
    const salt = Buffer.from(decision.salt, "hex");
    const payload = payloadCommitment(salt, canonicalJson(asJsonObject(callOf(decision.call))));
    const action = createHash("sha256").update(salt).update(action_digest, "utf8").digest("hex");
    const wanted = { ...said, action, reserved_micros: decision.reserved_micros, kind: "decision", payload };
    const differs = Object.entries(wanted).filter(([name, value]) => entry.body[name] !== value);
    if (differs.length > 0)
      found.push(
        violation(7, `the entry of decision ${decision.id} differs in ${differs.map(([name]) => name).join()}`),
      );
  }
  const known = new Set([...state.decisions, ...state.outcomes].map(({ id }) => id));
  for (const { id, kind, body } of state.entries) {
    const isOurs = body["id"] === id && body["kind"] === kind && body["workspace"] === state.workspaceId;
    if (!isOurs) found.push(violation(7, `entry ${id} is not about itself`));
    if ((kind === "decision" || kind === "outcome") && !known.has(id))
      found.push(violation(7, `entry ${id} speaks of a ${kind} that is not there`));
  }
  for (const { id } of state.outcomes) {
    if (!entries.has(id)) found.push(violation(7, `outcome ${id} has no ledger entry`));
  }
  return [...found, ...voteRecords(state)];
}

function voteRecords({ votes, entries }: State): Violation[] {
  const cast = groupBy(votes, ({ approval_id }) => approval_id);
  const recorded = groupBy(
    entries.filter(({ kind }) => kind === "approval.vote"),
    ({ body }) => String(asJsonObject(callOf(body["details"]))["approval_id"]),
  );
  return [...new Set([...cast.keys(), ...recorded.keys()])].flatMap((approval) => {
    const [is, said] = [cast.get(approval)?.length ?? 0, recorded.get(approval)?.length ?? 0];
    return said === is ? [] : [violation(7, `approval ${approval} has ${is} votes, recorded ${said}`)];
  });
}

const INCLUDED_WITHIN_SECONDS = 10;

/** 8 and 9: indexes 0 to n − 1, each leaf the hash of its entry, the root over them all, and nothing left out for long. */
export function treeViolations({ entries, leaves, heads }: State): Violation[] {
  const byId = indexBy(entries, ({ id }) => id);
  const found: Violation[] = [];
  for (const [place, { leaf_index, entry_id, leaf_hash }] of leaves.entries()) {
    const entry = byId.get(entry_id);
    if (leaf_index !== place) found.push(violation(8, `leaf ${leaf_index} stands at place ${place}`));
    if (!entry) found.push(violation(8, `leaf ${leaf_index} is of an entry that is not there`));
    else if (leafOfEntry(sha256, asJsonObject(entry.body)) !== leaf_hash)
      found.push(violation(8, `leaf ${leaf_index} is not the hash of its entry`));
  }
  const head = heads[0];
  if (head?.size !== leaves.length) found.push(violation(8, `the head says ${head?.size} of ${leaves.length} leaves`));
  const root = rootOfLeaves(
    sha256,
    leaves.map(({ leaf_hash }) => leaf_hash),
  );
  if (head?.root_hash !== root) found.push(violation(8, "the root is not the root over the leaves"));
  const sequenced = new Set(leaves.map(({ entry_id }) => entry_id));
  if (sequenced.size !== leaves.length) found.push(violation(8, "an entry has two leaves"));
  for (const { id, age_seconds } of entries) {
    if (age_seconds > INCLUDED_WITHIN_SECONDS && !sequenced.has(id))
      found.push(violation(9, `entry ${id} has waited ${Math.round(age_seconds)} s for its index`));
  }
  return found;
}
