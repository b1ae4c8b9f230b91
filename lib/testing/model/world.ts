import { randomUUID } from "node:crypto";

import type { Client } from "pg";
import { z } from "zod";

import { type Answered, givenMember, givenWorkspace, SUPPORT_TOOLS } from "../client";
import { createHistory, type History } from "../history";
import { type Bounds, MOST_WAITING, type ModelCall } from "./expected";

/** The real thing beside the model: two replicas, one workspace, the people in it and everything they were told. */
export type World = {
  readonly urls: readonly string[];
  readonly owner: Client;
  readonly history: History;
  readonly workspaceId: string;
  readonly handle: string;
  readonly admin: string;
  readonly operator: string;
  /** Those who may vote; the last is responsible for the agent. */
  readonly voters: readonly string[];
  key: string;
  credential: string;
  ask(replica: number, target: string, token: string, body?: unknown, options?: Options): Promise<Answered>;
};

type Options = Parameters<History["ask"]>[4];

/** The manifest of the model's agent. */
export const manifestOf = (handle: string, bounds: Bounds): string => `
agent: { id: "${handle}", identity: "support@company.iam" }
tools:
  allowed:
    - name: "read_customer_record"
    - name: "update_ticket_status"
      constraints: { allowed_statuses: ["open", "in-progress", "closed"] }
    - name: "send_customer_email"
      requires_approval: true
      quorum: 2
  blocked: ["delete_customer_record"]
execution: { max_steps: ${bounds.steps}, max_cost_usd: ${bounds.cents / 100} }
`;

const Shown = z.looseObject({ credentials: z.array(z.looseObject({ id: z.string() })) });

/** A workspace of its own with an agent, two reviewers, a DRI who reviews, an administrator and an operator. */
export async function givenWorld(urls: readonly string[], owner: Client, bounds: Bounds): Promise<World> {
  const { token: admin, workspaceId } = await givenWorkspace();
  const history = createHistory();
  const ask: World["ask"] = (replica, target, token, body, options) =>
    history.ask(urls[replica % urls.length] ?? "", target, token, body, options);
  const handle = `agent-${randomUUID().slice(0, 8)}`;
  const person = async (name: string, roles: readonly string[]) => {
    const email = `${name}-${randomUUID().slice(0, 8)}@example.com`;
    return givenMember(urls[0] ?? "", admin, { email, name, roles });
  };
  const [one, two, dri, operator] = await Promise.all([
    person("one", ["reviewer"]),
    person("two", ["reviewer"]),
    person("dri", ["reviewer"]),
    person("operator", ["operator", "policy_admin"]),
    ask(1, "/api/v1/tools", admin, SUPPORT_TOOLS),
    ask(0, "/api/v1/settings", admin, { pending_cap: MOST_WAITING }, { method: "PATCH" }),
  ]);
  const agent = { id: handle, task: "t", dri: dri.member_id, environment: "production", level: 3 };
  const made = await ask(0, "/api/v1/agents", admin, { ...agent, manifest: manifestOf(handle, bounds) });
  const shown = Shown.parse((await ask(1, `/api/v1/agents/${handle}`, admin)).body);
  return {
    urls,
    owner,
    history,
    workspaceId,
    handle,
    admin,
    operator: operator.token,
    voters: [one.token, two.token, dri.token],
    key: String(made.body["key"]),
    credential: shown.credentials[0]?.id ?? "",
    ask,
  };
}

const ARGUMENT: Readonly<Record<string, string>> = { update_ticket_status: "status", send_customer_email: "to" };

/** A call of the model as an agent sends it. */
export const bodyOf = ({ tool, arg, run, cents, draft }: ModelCall, approvalId: string | null = null) => ({
  session_id: "s",
  run_id: run,
  tool,
  args: { [ARGUMENT[tool] ?? "customer_id"]: arg },
  ...(draft > 0 && { effect: { kind: "text", before: "", after: "Dear Ada", base: { digest: `state ${draft}` } } }),
  ...(cents > 0 && { estimate: { cost_usd: cents / 100 } }),
  ...(approvalId !== null && { approval_id: approvalId }),
});

const Ids = z.array(z.object({ id: z.string() }));

/** The row id of a run by the name its agent gave it. */
export async function runIdOf({ owner, workspaceId }: World, name: string): Promise<string> {
  const text = "SELECT id FROM runs WHERE workspace_id = $1 AND external_id = $2";
  return Ids.parse((await owner.query(text, [workspaceId, name])).rows)[0]?.id ?? "";
}

/** Lets the time of a request be up. */
export async function expireNow({ owner }: World, approvalId: string): Promise<void> {
  await owner.query("UPDATE approvals SET expires_at = clock_timestamp() WHERE id = $1", [approvalId]);
  await owner.query("UPDATE grants SET expires_at = clock_timestamp() WHERE approval_id = $1", [approvalId]);
}
