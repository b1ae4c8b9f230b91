import { randomInt } from "node:crypto";

import { ApprovalId } from "@/lib/core/shared/brand";
import { castVote } from "@/lib/services/approvals/cast-vote";
import { readApproval } from "@/lib/services/approvals/read-approval";
import { seedCalibration } from "@/lib/services/calibration/seed-calibration";
import { changeSettings } from "@/lib/services/workspaces/change-settings";

import { ask, type AskingAgent, givenAskingAgent } from "./agent";
import { givenTenant, type Person, type Tenant } from "./tenant";

/** A workspace that wants calibration, in which somebody has refused something already. */
export type CalibrationWorld = {
  readonly tenant: Tenant;
  readonly admin: Person;
  readonly ada: Person;
  readonly bob: Person;
  readonly agent: AskingAgent;
  /** Asks for one more e-mail; its approval's id. */
  request(): Promise<ApprovalId>;
  /** Answers a request as a person would. */
  vote(who: Person, id: string, verdict: "approve" | "deny" | "return"): ReturnType<typeof castVote>;
  /** Has one item put among what waits; null when nothing is due. */
  seed(): Promise<string | null>;
};

const TOOLS = [
  { name: "read_customer_record", reversibility: "read", blast_radius: "none" },
  { name: "send_customer_email", reversibility: "irreversible", blast_radius: "low" },
];
const MANIFEST = `tools:
  allowed:
    - name: "read_customer_record"
    - name: "send_customer_email"
      requires_approval: true
      approval_timeout_seconds: 3600
`;

/** @param refused how many requests of the past people refused, each a source of one item */
export async function givenCalibrationWorld({ refused = 1, on = true } = {}): Promise<CalibrationWorld> {
  const tenant = await givenTenant();
  const [admin, ada, bob] = [
    await tenant.person("admin"),
    await tenant.person("reviewer"),
    await tenant.person("reviewer"),
  ];
  const agent = await givenAskingAgent(tenant, { author: admin, handle: "mailer", tools: TOOLS, manifest: MANIFEST });
  const world: CalibrationWorld = {
    tenant,
    admin,
    ada,
    bob,
    agent,
    async request() {
      const number = String(randomInt(10_000, 99_999));
      const at = { session_id: `ticket-${number}`, run_id: `ticket-${number}-1` };
      const asOf = new Date(Date.now() - 60_000).toISOString();
      const context = [{ source: "crm", as_of: asOf, scope: { ticket: number } }];
      await ask(agent, "read_customer_record", { ...at, args: { ticket: number } });
      const effect = { kind: "text", before: "", after: `Dear customer of ticket ${number}, we are sorry.` };
      const answer = await ask(agent, "send_customer_email", {
        ...at,
        args: { to: "a@example.com", ticket: number },
        context,
        effect,
      });
      if (!answer.approval) throw new Error(`not asked for: ${JSON.stringify(answer)}`);
      return ApprovalId.parse(answer.approval.id);
    },
    async vote(who, id, verdict) {
      const { display_digest } = await readApproval(who, id);
      return castVote(who, {
        approval_id: ApprovalId.parse(id),
        verdict,
        display_digest,
        note: "Not what the customer asked for.",
      });
    },
    async seed() {
      const { seeded } = await seedCalibration({ ...tenant.system, now: new Date() });
      return seeded;
    },
  };
  for (let n = 0; n < refused; n += 1) await world.vote(bob, await world.request(), "deny");
  if (on) await changeSettings(admin, { calibration: true, calibration_one_in: 5, calibration_source_days: 0 });
  return world;
}

/** Reviews enough real requests for the next item to be due. */
export async function reviewMany(world: CalibrationWorld, count = 8): Promise<void> {
  for (let n = 0; n < count; n += 1) await world.vote(world.bob, await world.request(), "approve");
}
