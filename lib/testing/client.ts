import { randomUUID } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { WorkspaceId } from "@/lib/core/shared/brand";
import { workspaceDb } from "@/lib/data/db";
import { bootstrapWorkspace } from "@/lib/services/workspaces/bootstrap-workspace";

/** A JSON answer of the API. */
export type Answered = {
  readonly status: number;
  readonly body: Record<string, never> & { readonly [key: string]: unknown };
};

/** Sends one request as a client would, without a token if that is empty. `body` given as text goes out as it is. */
export async function send(
  url: string,
  target: string,
  token: string,
  body?: unknown,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answered> {
  const response = await fetch(new URL(target, url), {
    method: options.method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(token !== "" && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...options.headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
}

/**
 * A workspace nobody else has, with an administrator who holds every role.
 *
 * @param coolingOffHours 0, because tests of other things make the people they need in a moment; tests of people say more
 */
export async function givenWorkspace({ coolingOffHours = 0, second = null as string | null } = {}) {
  const workspaceId = WorkspaceId.parse(uuidv7());
  const slug = {
    email: `admin-${randomUUID()}@example.com`,
    password: "correct horse battery",
    token: null,
    demo: false,
    second,
    coolingOffHours,
  };
  const ctx = {
    workspaceId,
    actor: { kind: "system", job: "test" },
    requestId: "test",
    now: new Date(),
    db: workspaceDb(workspaceId),
  } as const;
  return bootstrapWorkspace(ctx, slug);
}

/** The manifest of the README's example, for an agent of any handle. */
export const supportManifest = (handle: string, more = ""): string => `
agent:
  id: "${handle}"
  identity: "support-agent@company.iam"
tools:
  allowed:
    - name: "read_customer_record"
      scope: ["contact_info", "order_history"]
    - name: "update_ticket_status"
      constraints:
        allowed_statuses: ["open", "in-progress", "closed"]
    - name: "send_customer_email"
      requires_approval: true
      approval_timeout_seconds: 300
      auto_deny_on_timeout: true
  blocked:
    - "delete_customer_record"
    - "bulk_send_email"
    - "access_payment_raw"
${more}`;

/** The catalogue entries of that manifest's tools. */
export const SUPPORT_TOOLS = [
  { name: "read_customer_record", reversibility: "read", blast_radius: "none" },
  { name: "update_ticket_status", reversibility: "reversible", blast_radius: "low" },
  { name: "send_customer_email", reversibility: "irreversible", blast_radius: "low" },
  { name: "delete_customer_record", reversibility: "irreversible", blast_radius: "high" },
];

/** An agent that was registered, and a reviewer of its workspace. */
export type Registered = { readonly handle: string; readonly key: string; readonly reviewer: string };

/** An agent with that manifest, whose DRI is not the administrator, and a reviewer's token. */
export async function givenAgent(
  url: string,
  admin: string,
  options: { manifest?: (handle: string) => string; level?: number } = {},
): Promise<Registered> {
  const handle = `agent-${randomUUID().slice(0, 8)}`;
  const dri = await givenMember(url, admin, { email: `dri-${handle}@example.com`, name: "Dri", roles: ["viewer"] });
  const reviewer = await givenMember(url, admin, {
    email: `reviewer-${handle}@example.com`,
    name: "Reviewer",
    roles: ["reviewer"],
  });
  await created(url, "/api/v1/tools", admin, SUPPORT_TOOLS);
  const manifest = (options.manifest ?? supportManifest)(handle);
  const body = {
    id: handle,
    task: "Answer tickets.",
    dri: dri.member_id,
    environment: "production",
    level: options.level ?? 3,
    manifest,
  };
  const agent = await created(url, "/api/v1/agents", admin, body);
  return { handle, key: String(agent["key"]), reviewer: reviewer.token };
}

/** Another person who may stop and resume; the token. */
export async function givenOperator(url: string, admin: string): Promise<string> {
  const name = `operator-${randomUUID().slice(0, 8)}`;
  return (await givenMember(url, admin, { email: `${name}@example.com`, name, roles: ["operator"] })).token;
}

/** A person who was invited and has joined, with the token they got. */
export async function givenMember(
  url: string,
  admin: string,
  invited: { readonly email: string; readonly name: string; readonly roles: readonly string[] },
): Promise<{ readonly member_id: string; readonly token: string }> {
  const { code } = await created(url, "/api/v1/members", admin, invited);
  const joined = await created(url, `/api/v1/invitations/${String(code)}`, "", { password: PASSWORD });
  return { member_id: String(joined["member_id"]), token: String(joined["token"]) };
}

const PASSWORD = "correct horse battery staple";

async function created(url: string, target: string, token: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await send(url, target, token, body);
  if (answer.status !== 201) throw new Error(`${target} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
