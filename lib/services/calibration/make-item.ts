import "server-only";

import { randomBytes, randomInt } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { displayToday, later, redated, renamed, renamingOf } from "@/lib/core/reviewers/stand-in";
import { actionDigest, digestOf } from "@/lib/core/shared/digest";
import { isJsonObject, type JsonObject } from "@/lib/core/shared/json";
import type { Source, SourceStep } from "@/lib/data/calibration";
import type { NewCalibrationItem, StandInStep } from "@/lib/data/stand-ins";

import { sha256Hex } from "../decisions/digests";

/** A past request as its agent would ask for it now: other ids, other numbers, times of today. Null when it cannot pass as another. */
export function makeItem(source: Source, steps: readonly SourceStep[], now: Date): NewCalibrationItem | null {
  const renaming = renamingOf([source.session, source.run], (below) => randomInt(below));
  const asked = steps.at(-1);
  if (renaming === null || asked === undefined || asked.id !== source.decisionId) return null;
  const shiftMs = now.getTime() - asked.created_at.getTime();
  const session = { id: uuidv7(), name: renamed(source.session, renaming) };
  const run = { id: uuidv7(), name: renamed(source.run, renaming) };
  const bound = (step: SourceStep, args: JsonObject) =>
    actionDigest(sha256Hex, {
      agent: source.agent,
      session: session.name,
      tool: step.tool,
      tool_hash: step.tool_hash,
      args,
      manifest_version: step.manifest_version ?? 0,
    });
  const today = steps.map((step): StandInStep => {
    const call = redated(renamed(step.call, renaming), shiftMs);
    const at = new Date(step.created_at.getTime() + shiftMs);
    return {
      ...step,
      // A call gets its id when it arrives, a little before the commit that gives it its time.
      id: uuidv7({ msecs: at.getTime() - randomInt(2, 7) }),
      originId: step.id,
      shiftMs,
      call,
      reasons: renamed(step.reasons, renaming),
      facts: factsOf(step.facts, shiftMs),
      actionDigest: bound(step, argumentsOf(call)),
      created_at: at,
    };
  });
  const digest = today.at(-1)?.actionDigest ?? "";
  const agent = { task: source.task, dri: { name: source.driName, email: source.driEmail } };
  const display = displayToday(source.display, { shiftMs, renaming, agent, actionDigest: digest });
  const displayDigest = digestOf(sha256Hex, display);
  const salt = randomBytes(32);
  const ref = (text: string) => sha256Ref(salt, text);
  return {
    id: uuidv7({ msecs: now.getTime() }),
    sourceId: source.id,
    salt: randomBytes(32),
    agentId: source.agentId,
    session,
    run,
    driId: source.driId,
    display,
    displayDigest,
    // Not the digest that is shown: no call of an agent may ever have this one.
    actionDigest: randomBytes(32).toString("hex"),
    actionRef: ref(digest),
    displayRef: ref(displayDigest),
    steps: today,
    at: now,
  };
}

const argumentsOf = (call: JsonObject): JsonObject => (isJsonObject(call["args"]) ? call["args"] : {});

function factsOf(facts: JsonObject, shiftMs: number): JsonObject {
  const { now } = facts;
  return typeof now === "string" ? { ...facts, now: later(now, shiftMs) } : facts;
}

const sha256Ref = (salt: Uint8Array, text: string) => sha256Hex(`${Buffer.from(salt).toString("hex")}${text}`);
