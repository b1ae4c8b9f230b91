import { Call } from "@/lib/core/decisions/schema";
import { RegisterAgentInput } from "@/lib/core/agents/schema";
import { RegisterToolInput } from "@/lib/core/tools/schema";
import { findCredentialHolder } from "@/lib/data/access";
import { hashSecret } from "@/lib/platform/secret";
import { registerAgent } from "@/lib/services/agents/register-agent";
import type { AgentActor, ServiceContext } from "@/lib/services/context";
import { decideCall } from "@/lib/services/decisions/decide-call";
import { registerTools } from "@/lib/services/tools/register-tools";

import type { Person, Tenant } from "./tenant";

/** An agent, asking with its key. */
export type AskingAgent = ServiceContext & { readonly actor: AgentActor };

type Wanted = {
  readonly author: Person;
  readonly handle: string;
  readonly tools: readonly object[];
  /** The rest of the manifest, from `tools:` on. */
  readonly manifest: string;
};

/** Registers tools and an agent with this manifest at level 4. */
export async function givenAskingAgent(
  tenant: Tenant,
  { author, handle, tools, manifest }: Wanted,
): Promise<AskingAgent> {
  await registerTools(
    author,
    tools.map((tool) => RegisterToolInput.parse(tool)),
  );
  const input = { id: handle, task: "Test.", dri: author.email, environment: "production", level: 4 };
  const text = `agent:\n  id: "${handle}"\n${manifest}`;
  const { key } = await registerAgent(author, RegisterAgentInput.parse({ ...input, manifest: text }));
  const holder = await findCredentialHolder(hashSecret(key));
  if (!holder) throw new Error("the new key opens nothing");
  const { agentId, credentialId, scopes } = holder;
  return { ...tenant.system, actor: { kind: "agent", agentId, credentialId, scopes } };
}

/** Has one call decided. */
export function ask(agent: AskingAgent, tool: string, more: object = {}) {
  const call = Call.parse({ session_id: "s-1", run_id: "r-1", tool, args: {}, ...more });
  return decideCall(agent, { call, idempotencyKey: null });
}
