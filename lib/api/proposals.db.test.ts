import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { givenAgent, givenMember, givenWorkspace, send } from "@/lib/testing/client";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

// What waits for a second person ends in one way: it holds, it was taken back, or somebody said no.

const ROUNDS = 12;

let replicas: Replicas;
let admin: string;
let ben: { readonly token: string };
let viewer: { readonly token: string };
let handle: string;
const url = (index: number) => replicas.urls[index] ?? "";

beforeAll(async () => {
  replicas = await startReplicas(2);
  admin = (await givenWorkspace()).token;
  handle = (await givenAgent(url(0), admin, { level: 2 })).handle;
  const person = (name: string, role: string) =>
    givenMember(url(0), admin, { email: `${name}-${handle}@example.com`, name, roles: [role] });
  ben = await person("ben", "policy_admin");
  viewer = await person("vi", "viewer");
}, 120_000);
afterAll(() => replicas.stop());

const raise = (at: number, token: string, level: number) =>
  send(url(at), `/api/v1/agents/${handle}/level`, token, { level, reason: "It behaved." }, { method: "PUT" });
const shown = async () => (await send(url(0), `/api/v1/agents/${handle}`, admin)).body;
const waitingId = async () =>
  (shown as () => Promise<{ proposed_level?: { id: string } }>)().then((one) => one.proposed_level?.id);
const settle = (at: number, token: string, verb: "withdraw" | "reject", id: string | undefined, body?: object) =>
  send(url(at), `/api/v1/proposals/${id}/${verb}`, token, body, { method: "POST" });
const kinds = async (kind: string) => (await send(url(0), `/api/v1/ledger?kind=${kind}`, admin)).body["items"];

describe("a proposal that waits for a second person", () => {
  test("is withdrawn by who made it, and by nobody else", async () => {
    expect(await raise(0, admin, 3)).toMatchObject({ body: { status: "needs_second_person" } });
    const id = await waitingId();
    expect(await settle(1, ben.token, "withdraw", id)).toMatchObject({ status: 403, body: { code: "not_author" } });
    const answer = { id, kind: "agent.level", subject: handle, status: "withdrawn" };
    expect(await settle(1, admin, "withdraw", id)).toMatchObject({ status: 200, body: answer });
    expect(await settle(1, admin, "withdraw", id)).toMatchObject({ status: 409, body: { code: "not_pending" } });
    expect(await shown()).toMatchObject({ level: 2, proposed_level: null });
    // The word is gone: another person's is the first again.
    expect(await raise(0, ben.token, 3)).toMatchObject({ body: { status: "needs_second_person" } });
    expect(await settle(0, ben.token, "withdraw", await waitingId())).toMatchObject({ status: 200 });
    expect(await kinds("proposal.withdraw")).toHaveLength(2);
  });

  test("is rejected by another policy administrator, who says why", async () => {
    await raise(0, admin, 3);
    const id = await waitingId();
    const reason = { reason: "It has run for two days only." };
    expect(await settle(0, admin, "reject", id, reason)).toMatchObject({ status: 409, body: { code: "own_proposal" } });
    expect(await settle(0, viewer.token, "reject", id, reason)).toMatchObject({ status: 403 });
    expect(await settle(0, ben.token, "reject", id, { reason: "\u200b" })).toMatchObject({ status: 400 });
    expect(await settle(0, ben.token, "reject", id, reason)).toMatchObject({ body: { status: "rejected" } });
    expect(await shown()).toMatchObject({ level: 2, proposed_level: null });
    const entry = { of_kind: "agent.level", subject: handle, proposal: id, ...reason };
    expect(await kinds("proposal.reject")).toMatchObject([{ body: { details: entry } }]);
  });

  test("ends once when it is withdrawn and accepted at the same moment by two processes", {
    timeout: 120_000,
  }, async () => {
    const endings = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      await raise(0, admin, 3);
      const id = await waitingId();
      const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      const [withdrawn, accepted] = await Promise.all([
        pause((round % 4) * 8).then(() => settle(0, admin, "withdraw", id)),
        pause(((round + 2) % 4) * 4).then(() => raise(1, ben.token, 3)),
      ]);
      const { level, proposed_level: left } = (await shown()) as {
        level?: number;
        proposed_level?: { id: string } | null;
      };
      if (withdrawn.status === 200) {
        endings.add("withdrawn");
        expect(level).toBe(2);
        // The other came too late, or was the first of the next two.
        if (accepted.status === 202) expect(accepted.body["status"]).toBe("needs_second_person");
        else expect(accepted).toMatchObject({ status: 409, body: { code: "not_pending" } });
      } else {
        endings.add("accepted");
        expect(withdrawn).toMatchObject({ status: 409, body: { code: "not_pending" } });
        expect(accepted).toMatchObject({ status: 200, body: { status: "in_force" } });
        expect(level).toBe(3);
        await raise(0, admin, 2);
      }
      if (left) await settle(0, ben.token, "withdraw", left.id);
    }
    expect(endings.size).toBeGreaterThan(0);
  });
});
