import assert from "node:assert/strict";

import fc from "fast-check";

import { anyIndex, at, command } from "./command";
import { decideBoth } from "./decisions";
import { BLOCKED, EMAIL, type ModelCall, READ, settleInModel, UNKNOWN, UPDATE } from "./expected";

const anyCall: fc.Arbitrary<ModelCall> = fc
  .tuple(
    fc.constantFrom(READ, READ, UPDATE, EMAIL, EMAIL, BLOCKED, UNKNOWN),
    fc.constantFrom("open", "closed", "archived"),
    fc.constantFrom("r1", "r2", "r3"),
    fc.constantFrom(0, 0, 5, 20),
    fc.constantFrom<0 | 1 | 2>(0, 0, 0, 1, 1, 2),
  )
  .map(([tool, arg, run, cents, draft]) => ({
    tool,
    arg: tool === EMAIL ? `${arg}@example.com` : arg,
    run,
    cents,
    draft: tool === EMAIL || tool === UPDATE ? draft : 0,
  }));

/** A call, perhaps many times at once, perhaps under one key. */
export const anyDecision = fc
  .tuple(anyCall, fc.constantFrom(1, 1, 1, 2, 3), fc.boolean())
  .map(([call, times, isKeyed]) =>
    command(`decide ${JSON.stringify(call)} ×${times}${isKeyed ? " with a key" : ""}`, (model, world) =>
      decideBoth(model, world, { call, times, isKeyed }),
    ),
  );

/** The same call again under its key, or another call under it. */
export const anyRepeat = fc.tuple(anyIndex, fc.nat(1), fc.boolean()).map(([index, replica, isOther]) =>
  command(
    `repeat ${index} on replica ${replica}${isOther ? " with another body" : ""}`,
    async (model, world) => {
      const known = at(model.keyed, index);
      if (!known) return;
      const body = isOther ? { ...known.body, call_id: "other" } : known.body;
      const headers = { "idempotency-key": known.key };
      const answer = await world.ask(replica, "/api/v1/decisions", world.key, body, { headers });
      if (isOther) assert.equal(answer.status, 422);
      else assert.deepEqual(answer, { status: 200, body: known.answer });
    },
    (model) => model.keyed.length > 0,
  ),
);

/** A call that names an approval. */
export const anyUse = fc.tuple(anyIndex, fc.constantFrom(1, 2), fc.nat(9)).map(([index, times, dice]) =>
  command(
    `use approval ${index} ×${times}${[" for something else", " on other data"][dice] ?? ""}`,
    async (model, world) => {
      const approval = at(model.approvals, index, ({ state }) => state === "approved");
      if (!approval) return;
      const moved: ModelCall["draft"] = approval.call.draft === 1 ? 2 : 1;
      const call = { ...approval.call, ...(dice === 0 && { arg: "closed" }), ...(dice === 1 && { draft: moved }) };
      await decideBoth(model, world, { call, approvalId: approval.id, times, isKeyed: false });
    },
    (model) => model.approvals.length > 0,
  ),
);

/** An agent takes a request back. */
export const anyWithdrawal = anyIndex.map((index) =>
  command(
    `withdraw ${index}`,
    async (model, world) => {
      const approval = at(model.approvals, index);
      if (!approval) return;
      const answer = await world.ask(index, `/api/v1/approvals/${approval.id}/withdraw`, world.key, undefined, {
        method: "POST",
      });
      const isFine = ["waiting", "approved", "withdrawn"].includes(approval.state);
      assert.equal(answer.status, isFine ? 200 : 409);
      if (isFine) approval.state = "withdrawn";
    },
    (model) => model.approvals.length > 0,
  ),
);

/** An outcome, perhaps twice, perhaps another than was reported before. */
export const anyOutcome = fc
  .tuple(
    anyIndex,
    fc.constantFrom("success", "success", "error"),
    fc.constantFrom(null, 0, 3, 30),
    fc.constantFrom(1, 2),
  )
  .map(([index, claimed, cents, times]) =>
    command(
      `report ${claimed} of ${index} at ${cents} cents ×${times}`,
      async (model, world) => {
        const allow = at(model.allowed, index, ({ claimed: known }) => known === null);
        if (!allow) return;
        const report = { outcome: claimed, ...(cents !== null && { cost_usd: cents / 100 }) };
        const answers = await Promise.all(
          Array.from({ length: times }, (_, each) =>
            world.ask(each, `/api/v1/decisions/${allow.id}/outcome`, world.key, report),
          ),
        );
        const wanted = settleInModel(model, allow, claimed, cents) ? 201 : 409;
        for (const answer of answers) assert.equal(answer.status, wanted);
      },
      (model) => model.allowed.length > 0,
    ),
  );
