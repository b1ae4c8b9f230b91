import { randomUUID } from "node:crypto";

import { z } from "zod";

import { type Answered, givenAgent, givenWorkspace, SUPPORT_TOOLS, supportManifest } from "./client";
import { createHistory, type History } from "./history";
import { checkInvariants, sequence } from "./invariants";

const Decided = z.looseObject({
  decision_id: z.string(),
  verdict: z.string(),
  rule: z.string().nullable(),
  reasons: z.array(z.looseObject({ code: z.string(), message: z.string(), retry_after_seconds: z.int().optional() })),
  action_digest: z.string(),
  approval: z.object({ id: z.string(), expires_at: z.string() }).nullable(),
});
export type Decided = z.infer<typeof Decided>;

/** The call of the tests: a letter, which a person must approve. */
export const EMAIL = { tool: "send_customer_email", args: { to: "a@example.com", template: "refund" } } as const;

/** A letter to somebody else: another action. */
export const emailTo = (to: string) => ({ ...EMAIL, args: { ...EMAIL.args, to } });

export type AskingWorld = Awaited<ReturnType<typeof givenAsking>>;

/** One workspace with one agent that asks and people who answer, over any number of replicas, with all that was said. */
export async function givenAsking(
  urls: readonly string[],
  options: { readonly manifest?: (handle: string) => string } = {},
) {
  const { token: admin, workspaceId } = await givenWorkspace();
  const url = (index: number) => urls[index % urls.length] ?? "";
  const { handle, key, reviewer } = await givenAgent(url(0), admin, {
    manifest: options.manifest ?? supportManifest,
  });
  const history: History = createHistory();
  const session = `s-${randomUUID()}`;
  let turn = 0;

  const raw = (target: string, token: string, body?: unknown, more?: Parameters<History["ask"]>[4]) =>
    history.ask(url((turn += 1)), target, token, body, more);
  // Under a key, and again while a busy machine cannot record it: a call that was made is answered as it was.
  const decide = async (call: object): Promise<Decided> => {
    const body = { session_id: session, run_id: "r", ...call };
    const headers = { "idempotency-key": randomUUID() };
    const answer = await history.insist(url((turn += 1)), "/api/v1/decisions", key, body, { headers });
    if (answer.status !== 200) throw new Error(`decided ${answer.status}: ${JSON.stringify(answer.body)}`);
    return Decided.parse(answer.body);
  };

  return {
    admin,
    workspaceId,
    handle,
    key,
    reviewer,
    history,
    url,
    raw,
    decide,
    /** Asks for something that a person must approve; the request's id. */
    async ask(call: object = EMAIL): Promise<string> {
      const { verdict, approval } = await decide(call);
      if (verdict !== "require_approval" || !approval) throw new Error(`asked, and was told ${verdict}`);
      return approval.id;
    },
    /** A vote on what is shown now. */
    async vote(id: string, verdict: "approve" | "deny" | "return", note = "Read the whole letter."): Promise<Answered> {
      const shown = await raw(`/api/v1/approvals/${id}`, reviewer);
      const body = { verdict, display_digest: shown.body["display_digest"], note };
      return raw(`/api/v1/approvals/${id}/votes`, reviewer, body);
    },
    poll: (id: string, wait = 0) => raw(`/api/v1/approvals/${id}?wait=${wait}`, key),
    settings: (change: object) => raw("/api/v1/settings", admin, change, { method: "PATCH" }),
    register: (change: object) => raw("/api/v1/tools", admin, { ...SUPPORT_TOOLS[2], ...change }),
    /** Every invariant of the design, on all of it. */
    async violations() {
      await sequence(workspaceId);
      return checkInvariants(workspaceId, history.sent);
    },
  };
}

/** The code of the first reason. */
export const codeOf = ({ reasons }: Decided): string | undefined => reasons[0]?.code;
