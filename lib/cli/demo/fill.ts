import { randomBytes, randomUUID } from "node:crypto";

import { Call } from "@/lib/core/decisions/schema";
import { ApprovalId, MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { type Role, ROLES } from "@/lib/core/workspaces/schema";
import { workspaceDb } from "@/lib/data/db";
import { authenticate } from "@/lib/services/access/authenticate";
import { registerAgent } from "@/lib/services/agents/register-agent";
import { castVote } from "@/lib/services/approvals/cast-vote";
import { readApproval } from "@/lib/services/approvals/read-approval";
import type { ServiceContext } from "@/lib/services/context";
import { decideCall } from "@/lib/services/decisions/decide-call";
import { reportOutcome } from "@/lib/services/outcomes/report-outcome";
import { publishGuardrail } from "@/lib/services/guardrails/publish-guardrail";
import { setUpPerson } from "@/lib/services/people/set-up-person";
import { registerTools } from "@/lib/services/tools/register-tools";
import type { FirstAccount } from "@/lib/services/workspaces/bootstrap-workspace";
import { listMembers } from "@/lib/services/workspaces/list-members";
import { markDemo } from "@/lib/services/workspaces/mark-demo";

import { DEMO_AGENTS, DEMO_GUARDRAIL, DEMO_PEOPLE, SECOND_PERSON } from "./agents";
import { DEMO_TOOLS } from "./catalogue";
import { playReviewHistory } from "./review-history";
import { DEMO_REVIEWERS } from "./reviewing";
import { type DemoStep, demoTraffic } from "./traffic";

const REVIEWERS = new Set(
  [...DEMO_PEOPLE, ...DEMO_REVIEWERS].filter(({ roles }) => roles.includes("reviewer")).map(({ email }) => email),
);

/**
 * Fills a new workspace with the demonstration, through the very services screens and API use: nothing in it is made
 * up behind their backs, and everything in it is marked.
 *
 * @param alone whether there is no second person yet: what takes two people could not be tried by one
 * @returns how the second person of the demonstration signs in; null where the operator named one
 */
export async function fillDemo(
  { workspaceId, memberId }: FirstAccount,
  alone: boolean,
): Promise<{ email: string; password: string } | null> {
  const base = { workspaceId, requestId: randomUUID(), db: workspaceDb(workspaceId) };
  const acting = (id: MemberId, roles: readonly Role[]) => (): ServiceContext => ({
    ...base,
    now: new Date(),
    actor: { kind: "member", memberId: id, roles, via: "token" },
  });
  const admin = acting(memberId, ROLES);
  const system = (): ServiceContext => ({ ...base, now: new Date(), actor: { kind: "system", job: "workspace.demo" } });
  const real = (await listMembers(admin())).items.map(({ id }) => MemberId.parse(id));

  const people = new Map<string, () => ServiceContext>();
  for (const person of [...DEMO_PEOPLE, ...DEMO_REVIEWERS]) {
    const id = await setUpPerson(system(), { ...person, password: null });
    people.set(person.email, acting(id, person.roles));
  }
  const second = alone ? { email: SECOND_PERSON.email, password: randomBytes(12).toString("base64url") } : null;
  if (second) await setUpPerson(system(), { ...SECOND_PERSON, ...second });
  await registerTools(admin(), DEMO_TOOLS);
  await publishGuardrail(admin(), { guardrail: DEMO_GUARDRAIL, publish: true });
  const keys = new Map<string, string>();
  for (const agent of DEMO_AGENTS) keys.set(agent.id, (await registerAgent(admin(), agent)).key);

  const reviewing = [...people].filter(([email]) => REVIEWERS.has(email)).map(([, as]) => as());
  await playReviewHistory(admin, system, reviewing);

  const reviewer = people.get("mara.lindqvist@demo.example") ?? admin;
  for (const step of demoTraffic()) await play(step, keys.get(step.agent) ?? "", reviewer);
  await markDemo(system(), { except: real });
  return second;
}

async function play(step: DemoStep, key: string, reviewer: () => ServiceContext): Promise<void> {
  const asked = Call.parse({ ...step.call, estimate: { cost_usd: step.costUsd } });
  const answer = await decide(key, asked);
  if (answer.verdict === "allow") await settle(key, answer.decision_id, step);
  if (answer.verdict !== "require_approval" || !answer.approval || !step.people) return;

  const approval = await readApproval(reviewer(), answer.approval.id);
  const note =
    step.people === "approve" ? "Checked against the ticket and the amount." : "Not what the customer asked for.";
  await vote(reviewer(), {
    approval_id: ApprovalId.parse(approval.id),
    verdict: step.people,
    display_digest: approval.display_digest,
    note,
  });
  if (step.people === "deny") return;
  const again = await decide(key, { ...asked, approval_id: answer.approval.id });
  if (again.verdict === "allow") await settle(key, again.decision_id, step);
}

/** A band that tokens may not approve stays open for you. */
async function vote(reviewer: ServiceContext, input: Parameters<typeof castVote>[1]): Promise<void> {
  await castVote(reviewer, input).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
  });
}

async function decide(key: string, call: Call) {
  return decideCall(await authenticate(key, true), { call, idempotencyKey: null });
}

async function settle(key: string, decisionId: string, step: DemoStep): Promise<void> {
  await reportOutcome(await authenticate(key, false), {
    decisionId,
    outcome: step.outcome ?? "success",
    cost_usd: step.costUsd,
    latency_ms: 120,
  });
}
