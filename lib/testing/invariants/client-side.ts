import { createHash } from "node:crypto";

import { z } from "zod";

import { leafOfEntry } from "@/lib/core/ledger/append-entries";
import { readReceipt } from "@/lib/core/ledger/promise";
import { asJsonObject } from "@/lib/core/shared/as-json";

import type { Sent } from "../history";
import type { State } from "./state";
import { groupBy, indexBy, violation, type Violation } from "./violation";

const DECISIONS = "/api/v1/decisions";
const Session = z.looseObject({ session_id: z.string() });
const StopBody = z.looseObject({ scope: z.string(), id: z.string().optional() });

/** 6, 7, 10 and 11 as the clients saw them: what they were told, when, and what the database says of it. */
export function clientViolations(state: State, sent: readonly Sent[]): Violation[] {
  const asked = sent.filter(({ method, target }) => method === "POST" && target === DECISIONS);
  return [
    ...errorViolations(sent),
    ...repeatViolations(asked),
    ...unrecorded(state, asked),
    ...lateViolations(state, sent, asked),
  ];
}

/** Whatever went wrong, nobody was told to go ahead. */
function errorViolations(sent: readonly Sent[]): Violation[] {
  return sent
    .filter(({ status, answer }) => status !== 200 && answer["verdict"] === "allow")
    .map(({ target, status }) => violation(11, `${target} answered ${status} and allow`));
}

function repeatViolations(asked: readonly Sent[]): Violation[] {
  const keyed = asked.filter(
    ({ key, status, body }) => key !== null && status === 200 && Session.safeParse(body).success,
  );
  const groups = groupBy(keyed, ({ token, key, body }) => `${token} ${Session.parse(body).session_id} ${key}`);
  return [...groups.values()].flatMap((same) => {
    const key = same[0]?.key;
    if (new Set(same.map(({ body }) => JSON.stringify(body))).size > 1)
      return [violation(6, `key ${key} was answered for two bodies`)];
    if (new Set(same.map(({ answer }) => JSON.stringify(answer))).size > 1)
      return [violation(6, `key ${key} got two answers`)];
    return [];
  });
}

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

function unrecorded({ entries }: State, asked: readonly Sent[]): Violation[] {
  const byId = indexBy(entries, ({ id }) => id);
  return asked.flatMap(({ status, answer }) => {
    if (status !== 200) return [];
    const id = String(answer["decision_id"]);
    const entry = byId.get(id);
    if (!entry || entry.body["verdict"] !== answer["verdict"])
      return [violation(7, `${id} was answered ${String(answer["verdict"])}, which the ledger does not say`)];
    const receipt = readReceipt(sha256, String(answer["receipt"]));
    const leaf = receipt?.kind === "signed" ? receipt.promise.leaf : receipt?.leaf;
    if (leaf !== leafOfEntry(sha256, asJsonObject(entry.body)))
      return [violation(7, `the receipt of ${id} is not for its ledger entry`)];
    return [];
  });
}

/** What repeats of one call have in common: the decision they were answered with, and the key they were sent under. */
const namesOf = ({ key, token, body, answer }: Sent): readonly string[] => [
  ...(answer["decision_id"] === undefined ? [] : [String(answer["decision_id"])]),
  ...(key === null ? [] : [`${token} ${Session.safeParse(body).data?.session_id} ${key}`]),
];

/** By the client's clock: no call that left after a stop had answered, and before anybody lifted one, was allowed. */
function lateViolations(
  { decisions, agents, runs }: State,
  sent: readonly Sent[],
  asked: readonly Sent[],
): Violation[] {
  const byId = indexBy(decisions, ({ id }) => id);
  const handles = new Map(agents.map(({ id, handle }) => [id, handle]));
  // A repeated key gets the first answer for ever, under a new credential too: what counts is when its call was first made.
  const first = new Map<string, number>();
  const firstOf = (one: Sent) =>
    Math.min(one.startedAt, ...namesOf(one).map((name) => first.get(name) ?? Number.POSITIVE_INFINITY));
  for (const one of asked) for (const name of namesOf(one)) first.set(name, Math.min(firstOf(one), one.startedAt));
  const allowed = asked.flatMap((one) => {
    const decision = one.answer["verdict"] === "allow" ? byId.get(String(one.answer["decision_id"])) : undefined;
    return decision ? [{ ...one, startedAt: firstOf(one), decision }] : [];
  });
  const lifts = sent.filter(({ method, target }) => method === "DELETE" && target.startsWith("/api/v1/stops/"));
  return sent.flatMap((stop) => {
    if (stop.method !== "POST" || stop.target !== "/api/v1/stops" || stop.status !== 201) return [];
    const { scope, id } = StopBody.parse(stop.body);
    const lifted = Math.min(...lifts.map(({ startedAt }) => startedAt).filter((at) => at > stop.endedAt));
    const late = allowed.filter(
      ({ startedAt, endedAt, decision }) =>
        startedAt > stop.endedAt &&
        endedAt < lifted &&
        (scope === "workspace" ||
          (scope === "agent" && handles.get(decision.agent_id) === id) ||
          (scope === "run" && runs.some((run) => run.id === id && run.id === decision.run_id))),
    );
    return late.map(({ decision }) => violation(10, `decision ${decision.id} was asked for after a stop, and allowed`));
  });
}
