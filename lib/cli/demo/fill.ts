import { randomBytes, randomUUID } from "node:crypto";

import { Call } from "@/lib/core/decisions/schema";
import { ApprovalId, MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { Role } from "@/lib/core/workspaces/schema";
import { ROLES } from "@/lib/core/workspaces/roles";
import { workspaceDb } from "@/lib/data/db";
import { authenticate } from "@/lib/services/access/authenticate";
import { registerAgent } from "@/lib/services/agents/register-agent";
import { castVote } from "@/lib/services/approvals/cast-vote";
import { readApproval } from "@/lib/services/approvals/read-approval";
import { recordBaseline } from "@/lib/services/baselines/record-baseline";
import type { ServiceContext } from "@/lib/services/context";
import { decideCall } from "@/lib/services/decisions/decide-call";
import { reportOutcome } from "@/lib/services/outcomes/report-outcome";
import { publishGuardrail } from "@/lib/services/guardrails/publish-guardrail";
import { setObjective } from "@/lib/services/objectives/set-objective";
import { setUpPerson } from "@/lib/services/people/set-up-person";
import { registerTools } from "@/lib/services/tools/register-tools";
import { joinExecutedCalls } from "@/lib/services/traces/join-executed-calls";
import { takeTelemetry } from "@/lib/services/traces/take-telemetry";
import { writeWaiting } from "@/lib/services/traces/write-waiting";
import type { FirstAccount } from "@/lib/services/workspaces/bootstrap-workspace";
import { listMembers } from "@/lib/services/workspaces/list-members";
import { markDemo } from "@/lib/services/workspaces/mark-demo";

import { DEMO_AGENTS, DEMO_GUARDRAIL, DEMO_PEOPLE, SECOND_PERSON } from "./agents";
import { DEMO_TOOLS } from "./catalogue";
import { groupedBy } from "./grouped-by";
import { DEMO_BASELINE, DEMO_OBJECTIVES } from "./objectives";
import { playReviewHistory } from "./review-history";
import { DEMO_REVIEWERS } from "./reviewing";
import { type DemoExport, demoTelemetry, type PlayedStep } from "./telemetry";
import { type DemoStep, demoTraffic } from "./traffic";

const REVIEWERS = new Set(
  [...DEMO_PEOPLE, ...DEMO_REVIEWERS].filter(({ roles }) => roles.includes("reviewer")).map(({ email }) => email),
);

/** The demo's telemetry is written in a moment; what is left after this long the server writes. */
const WRITE_MS = 10_000;

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
  const played: PlayedStep[] = [];
  for (const step of inTurns(demoTraffic())) played.push(await play(step, keys.get(step.agent) ?? "", reviewer));
  for (const sent of demoTelemetry(played, Date.now())) {
    await tell(keys.get(sent.agent) ?? "", sent);
    // One after the other: what arrived weeks ago and still waits would be taken for a store that cannot keep up.
    await writeWaiting(AbortSignal.timeout(WRITE_MS));
  }
  await joinExecutedCalls(system());
  for (const objective of DEMO_OBJECTIVES) await setObjective(admin(), objective);
  await recordBaseline(admin(), DEMO_BASELINE);
  await markDemo(system(), { except: real });
  return second;
}

/** The first step of each run, then the second of each: agents work beside each other, with time between their calls. */
function inTurns(steps: readonly DemoStep[]): readonly DemoStep[] {
  const runs = [...groupedBy(steps, ({ call }) => call.run_id).values()];
  const longest = Math.max(...runs.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) => runs.flatMap((run) => run.slice(turn, turn + 1))).flat();
}

async function play(step: DemoStep, key: string, reviewer: () => ServiceContext): Promise<PlayedStep> {
  const askedAt = Date.now();
  const ended = await answerOf(step, key, reviewer);
  const answeredAt = Date.now();
  if (ended.allowedBy !== null) await settle(key, ended.allowedBy, step);
  return { step, askedAt, answeredAt, doneAt: Date.now(), ...ended };
}

/** What came of asking, after people have said what they say. */
async function answerOf(
  step: DemoStep,
  key: string,
  reviewer: () => ServiceContext,
): Promise<Pick<PlayedStep, "allowedBy" | "waits">> {
  const asked = Call.parse({ ...step.call, estimate: { cost_usd: step.costUsd } });
  const answer = await decide(key, asked);
  if (answer.verdict === "allow") return { allowedBy: answer.decision_id, waits: false };
  if (answer.verdict !== "require_approval" || !answer.approval) return { allowedBy: null, waits: false };
  if (!step.people) return { allowedBy: null, waits: true };

  const approval = await readApproval(reviewer(), answer.approval.id);
  const note =
    step.people === "approve" ? "Checked against the ticket and the amount." : "Not what the customer asked for.";
  await vote(reviewer(), {
    approval_id: ApprovalId.parse(approval.id),
    verdict: step.people,
    display_digest: approval.display_digest,
    note,
  });
  if (step.people === "deny") return { allowedBy: null, waits: false };
  const again = await decide(key, { ...asked, approval_id: answer.approval.id });
  const isAllowed = again.verdict === "allow";
  return { allowedBy: isAllowed ? again.decision_id : null, waits: !isAllowed };
}

/** Takes an export as if it came on its day, and fails where it was not taken whole. */
async function tell(key: string, { receivedAt, body }: DemoExport): Promise<void> {
  const ctx = { ...(await authenticate(key, false)), now: new Date(receivedAt) };
  const taken = await takeTelemetry(ctx, { inlet: "traces", encoding: "json", body });
  if (!taken.ok) throw new Error(taken.fault.message);
  if (taken.rejected.count > 0)
    throw new Error(`The demo's telemetry has ${taken.rejected.count} spans that nobody takes.`);
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
