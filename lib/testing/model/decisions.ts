import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { z } from "zod";

import type { Answered } from "../client";
import { askInModel, decideInModel, type Expected, type ModelCall } from "./expected";
import { bodyOf, type World } from "./world";

const BANDS = ["low", "elevated", "high", "critical"] as const;
const Answer = z.looseObject({
  decision_id: z.string(),
  verdict: z.enum(["allow", "require_approval", "recommend", "deny", "halt"]),
  approval: z.object({ id: z.string() }).nullable(),
  risk: z.looseObject({ band: z.enum(BANDS) }),
  remaining: z.looseObject({ steps: z.int().nullable() }),
});

type Question = {
  readonly call: ModelCall;
  readonly approvalId?: string;
  /** How many times the same call is made at once, on alternating replicas. */
  readonly times: number;
  /** With one key for all of them: they are one call. */
  readonly isKeyed: boolean;
};

/** Makes a call, perhaps many times at once, and holds each answer against the model's. */
export async function decideBoth(model: Expected, world: World, question: Question): Promise<void> {
  const { call, times, isKeyed } = question;
  const body = bodyOf(call, question.approvalId);
  const key = randomUUID();
  const headers = isKeyed ? { "idempotency-key": key } : {};
  const answers = await Promise.all(
    Array.from({ length: times }, (_, index) =>
      world.ask(index + model.allowed.length, "/api/v1/decisions", world.key, body, { headers }),
    ),
  );
  if (isKeyed) assert.equal(new Set(answers.map((one) => JSON.stringify(one))).size, 1);
  // As they were decided: each took one step more than the one before.
  const counted = (isKeyed ? answers.slice(0, 1) : answers).toSorted((one, other) => stepsLeft(other) - stepsLeft(one));
  const wanted = counted.map(() => decideInModel(model, call, question.approvalId ?? null));
  assert.deepEqual(counted.map(verdictOf).toSorted(), wanted.map(({ verdict }) => verdict).toSorted());
  for (const [index, answer] of counted.entries()) note(model, { call, isKeyed, ...wanted[index] }, answer);
  const [first] = answers;
  if (isKeyed && first) model.keyed.push({ key, body, answer: first.body });
}

const verdictOf = ({ status, body }: Answered): string =>
  status === 200 ? Answer.parse(body).verdict : String(status);

const stepsLeft = ({ status, body }: Answered): number =>
  status === 200 ? (Answer.parse(body).remaining.steps ?? 0) : 0;

type Noted = { readonly call: ModelCall; readonly isKeyed: boolean; readonly held?: number; readonly assumed?: number };

function note(model: Expected, { call, isKeyed, held = 0, assumed = 0 }: Noted, { body }: Answered): void {
  const { verdict, decision_id: id, approval, risk } = Answer.parse(body);
  const open = { claimed: null, settled: 0, named: null };
  if (verdict === "allow") model.allowed.push({ id, run: call.run, held, assumed, ...open });
  if (verdict !== "require_approval") return;
  askInModel(model, { id: approval?.id ?? "", call, band: BANDS.indexOf(risk.band), isKeyed });
}
