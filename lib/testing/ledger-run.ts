import { randomUUID } from "node:crypto";

import { readVerifierKey, type VerifierKey } from "@/lib/core/ledger/verifier-key";
import { WorkspaceId } from "@/lib/core/shared/brand";
import { workspaceDb } from "@/lib/data/db";
import { sha256 } from "@/lib/platform/ed25519";
import type { ServiceContext } from "@/lib/services/context";
import { sequenceLedger } from "@/lib/services/ledger/sequence-ledger";

import { givenAgent, givenWorkspace, send, supportManifest } from "./client";

/** A workspace in which something of everything has happened, through a real server. */
export type LedgerRun = {
  readonly admin: string;
  readonly workspaceId: WorkspaceId;
  readonly handle: string;
  readonly key: string;
  readonly reviewer: string;
  readonly receipts: readonly string[];
  /** The allow that an approval gave. */
  readonly approved: string;
};

/** The system's own context for a workspace: what jobs run with. */
export function systemContext(workspaceId: WorkspaceId): ServiceContext {
  const actor = { kind: "system", job: "test" } as const;
  return { workspaceId, actor, requestId: "test", now: new Date(), db: workspaceDb(workspaceId) };
}

const BOUNDED = "execution:\n  max_steps: 3\n  max_cost_usd: 1.50\n";

/** Decides calls of every verdict, approves, refuses and uses requests, reports outcomes; sequences as it goes. */
export async function givenLedgerRun(url: string): Promise<LedgerRun> {
  const account = await givenWorkspace();
  const admin = account.token;
  const workspaceId = WorkspaceId.parse(account.workspaceId);
  const { handle, key, reviewer } = await givenAgent(url, admin, { manifest: (id) => supportManifest(id, BOUNDED) });
  const receipts: string[] = [];
  const sequence = () => sequenceLedger({ ...systemContext(workspaceId), now: new Date() });

  async function decide(run: string, tool: string, args: object, more: object = {}): Promise<Decided> {
    const body = { session_id: "s-1", run_id: run, call_id: randomUUID(), tool, args, ...more };
    const answer = await send(url, "/api/v1/decisions", key, body);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    receipts.push(String(answer.body["receipt"]));
    return JSON.parse(JSON.stringify(answer.body));
  }

  for (let n = 0; n < 4; n += 1) {
    const made = await decide("r-steps", "read_customer_record", { scope: ["contact_info"], customer_id: `C-${n}` });
    if (made.verdict === "allow" && n % 2 === 0)
      await send(url, `/api/v1/decisions/${made.decision_id}/outcome`, key, { outcome: "success", cost_usd: 0.01 });
  }
  await sequence();
  await decide("r-2", "update_ticket_status", { status: "open", ticket: "T-1" });
  await decide("r-2", "update_ticket_status", { status: "burnt", ticket: "T-1" });
  await decide("r-6", "delete_customer_record", { customer_id: "C-1" });
  await decide("r-6", "no_such_tool", { naïve: "Zoë 漢" });
  const mail = { to: "zoe@example.com", template: "refund", amount: 12.5 };
  const asked = await decide("r-3", "send_customer_email", mail);
  await vote(url, reviewer, asked.approval?.id ?? "", "approve");
  const approved = await decide("r-3", "send_customer_email", mail, { approval_id: asked.approval?.id });
  await decide("r-3", "send_customer_email", mail, { approval_id: asked.approval?.id });
  const refused = await decide("r-4", "send_customer_email", { ...mail, to: "other@example.com" });
  await vote(url, reviewer, refused.approval?.id ?? "", "deny");
  await decide(
    "r-4",
    "send_customer_email",
    { ...mail, to: "other@example.com" },
    { approval_id: refused.approval?.id },
  );
  // Asked again in spite of the refusal; and one whose dry run changed while it waited, and its data after the approval.
  await decide("r-4", "send_customer_email", { ...mail, to: "other@example.com" });
  const dryRun = (text: string, digest: string) => ({ effect: { kind: "text", after: text, base: { digest } } });
  const drafted = { ...mail, to: "third@example.com" };
  await decide("r-7", "send_customer_email", drafted, dryRun("Dear Ada", "v1"));
  const redrafted = await decide("r-7", "send_customer_email", drafted, dryRun("Dear Bob", "v2"));
  await vote(url, reviewer, redrafted.approval?.id ?? "", "approve");
  const moved = { ...dryRun("Dear Bob", "v3"), approval_id: redrafted.approval?.id };
  await decide("r-7", "send_customer_email", drafted, moved);
  await decide("r-5", "read_customer_record", { scope: ["contact_info"] }, { estimate: { cost_usd: 2 } });
  await sequence();
  return { admin, workspaceId, handle, key, reviewer, receipts, approved: approved.decision_id };
}

type Decided = {
  readonly verdict: string;
  readonly decision_id: string;
  readonly approval: { readonly id: string } | null;
};

async function vote(url: string, reviewer: string, id: string, verdict: "approve" | "deny"): Promise<void> {
  const shown = await send(url, `/api/v1/approvals/${id}`, reviewer);
  const body = { verdict, display_digest: shown.body["display_digest"], note: "Checked with the customer, by phone." };
  const answer = await send(url, `/api/v1/approvals/${id}/votes`, reviewer, body);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

/** The key that signed a workspace's log first, as an auditor keeps it. */
export async function fetchVerifierKey(url: string, token: string): Promise<VerifierKey> {
  const keys = await send(url, "/api/v1/ledger/keys", token);
  const [first] = JSON.parse(JSON.stringify(keys.body["items"]));
  const key = readVerifierKey(sha256, String(first.verifier_key));
  if (!key) throw new Error("no key");
  return key;
}

/** A bundle as the server gives it, line by line without the line ends. */
export async function fetchBundle(url: string, token: string): Promise<readonly string[]> {
  const response = await fetch(new URL("/api/v1/ledger/bundle", url), {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.text()).trimEnd().split("\n");
}
