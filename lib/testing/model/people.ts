import assert from "node:assert/strict";

import fc from "fast-check";

import { anyIndex, at, command } from "./command";
import { type Expected, MOST_WAITING, type ModelApproval, voteInModel } from "./expected";
import { expireNow, type World } from "./world";

const anyVoteVerdict = fc.oneof(
  { weight: 8, arbitrary: fc.constant("approve" as const) },
  { weight: 2, arbitrary: fc.constantFrom("deny" as const, "return" as const) },
);
type VoteVerdict = Parameters<typeof voteInModel>[2]["verdict"];

async function vote(model: Expected, world: World, approval: ModelApproval, who: number, verdict: VoteVerdict) {
  const token = world.voters[who] ?? "";
  const shown = await world.ask(who, `/api/v1/approvals/${approval.id}`, token);
  const body = { verdict, display_digest: shown.body["display_digest"], note: "Read the whole letter." };
  const answer = await world.ask(who, `/api/v1/approvals/${approval.id}/votes`, token, body);
  assert.equal(answer.status, voteInModel(model, approval, { who, isDri: who === 2, verdict }));
  if (answer.status === 200) assert.equal(answer.body["state"], approval.state);
}

const isWaiting = ({ state }: ModelApproval) => state === "waiting";

/** One vote, by a reviewer or by whoever is responsible for the agent. */
export const anyVote = fc.tuple(anyIndex, fc.constantFrom(0, 1, 2), anyVoteVerdict).map(([index, who, verdict]) =>
  command(
    `vote ${verdict} on ${index} by ${who}`,
    async (model, world) => {
      const approval = at(model.approvals, index, isWaiting);
      if (approval) await vote(model, world, approval, who, verdict);
    },
    (model) => model.approvals.length > 0,
  ),
);

/** Everybody who may approves. */
export const review = command(
  "approve the latest by two",
  async (model, world) => {
    const approval = at(model.approvals, 0, isWaiting);
    for (const who of [0, 1]) if (approval) await vote(model, world, approval, who, "approve");
  },
  (model) => model.approvals.length > 0,
);

/** The time of a request is up. */
export const anyExpiry = anyIndex.map((index) =>
  command(
    `let the time of ${index} be up`,
    async (model, world) => {
      const approval = at(model.approvals, index);
      if (!approval || approval.isKeyed || !["waiting", "approved"].includes(approval.state)) return;
      await expireNow(world, approval.id);
      approval.state = "expired";
    },
    (model) => model.approvals.length > 0,
  ),
);

/** Somebody lets the agent ask again. */
export const letAsk = command("let the agent ask again", async (model, world) => {
  const answer = await world.ask(0, `/api/v1/floods/${world.handle}`, world.voters[0] ?? "", undefined, {
    method: "DELETE",
  });
  const isPaused = model.backlog >= MOST_WAITING;
  assert.equal(answer.status, isPaused ? 200 : 409);
  if (isPaused) model.backlog = 0;
});
