import { z } from "zod";

import { CreateCredentialInput } from "@/lib/core/agents/change";
import { CallbackUrl } from "@/lib/core/agents/callback";
import { AgentOwners, AgentStatus, Environment, Level, RegisterAgentInput } from "@/lib/core/agents/schema";
import { optionalNote } from "@/lib/core/shared/note";
import { createCredential } from "@/lib/services/agents/create-credential";
import { listAgents } from "@/lib/services/agents/list-agents";
import { registerAgent } from "@/lib/services/agents/register-agent";
import { revokeCredential } from "@/lib/services/agents/revoke-credential";
import { removeCallback, setCallback, showCallback } from "@/lib/services/agents/set-callback";
import { setLevel } from "@/lib/services/agents/set-level";
import { showAgent } from "@/lib/services/agents/show-agent";
import { showEvidence } from "@/lib/services/agents/show-evidence";
import { updateAgent } from "@/lib/services/agents/update-agent";

import { created, ok, operation } from "./declare";
import { Page, PageQuery } from "./page";

/** An agent by its handle. */
export const AgentPath = z.strictObject({ id: z.string().min(1).max(100) });

export const agentOperations = [
  operation({
    method: "get",
    path: "/api/v1/agents",
    summary: "List agents",
    tag: "agents",
    as: "member",
    query: PageQuery,
    answers: { 200: { description: "A page.", schema: Page } },
    run: async (ctx, { query }) => ok(await listAgents(ctx, query)),
  }),
  operation({
    method: "post",
    path: "/api/v1/agents",
    summary: "Register an agent; its key is in the answer and never shown again",
    tag: "agents",
    as: "member",
    body: RegisterAgentInput,
    answers: {
      201: { description: "Registered.", schema: z.object({ agent_id: z.string(), key: z.string() }).loose() },
    },
    run: async (ctx, { body }) => created(await registerAgent(ctx, body)),
  }),
  operation({
    method: "get",
    path: "/api/v1/agents/{id}",
    summary: "Show an agent",
    tag: "agents",
    as: "member",
    params: AgentPath,
    answers: { 200: { description: "The agent." } },
    run: async (ctx, { params }) => ok(await showAgent(ctx, params.id)),
  }),
  operation({
    method: "patch",
    path: "/api/v1/agents/{id}",
    summary: "Change an agent, suspend it or bring it back",
    tag: "agents",
    as: "member",
    params: AgentPath,
    body: z.strictObject({
      task: z.string().trim().min(1).max(2_000).optional(),
      dri: z.string().trim().min(1).max(320).optional(),
      owners: AgentOwners.optional(),
      environment: Environment.optional(),
      status: AgentStatus.exclude(["draft"]).optional(),
    }),
    answers: {
      200: { description: "The agent after the change." },
      202: { description: "`needs_second_person`: another policy administrator has to name the same environment." },
    },
    run: async (ctx, { params, body }) => {
      const answer = await updateAgent(ctx, { ...body, agent: params.id });
      return { status: answer.needs_second_person === true ? 202 : 200, body: answer };
    },
  }),
  operation({
    method: "put",
    path: "/api/v1/agents/{id}/level",
    summary: "Move an agent between levels; a higher one holds once two independent people have asked for it",
    tag: "agents",
    as: "member",
    params: AgentPath,
    body: z.strictObject({ level: Level, reason: optionalNote(1_000) }),
    answers: {
      200: { description: "The level after the change." },
      202: { description: "`needs_second_person`: another policy administrator has to ask for the same level." },
    },
    run: async (ctx, { params, body }) => {
      const answer = await setLevel(ctx, { ...body, agent: params.id });
      return { status: answer.status === "needs_second_person" ? 202 : 200, body: answer };
    },
  }),
  operation({
    method: "get",
    path: "/api/v1/agents/{id}/evidence",
    summary: "Show what an agent's manifest asks for to gain or keep a level, and how the evidence stands",
    tag: "agents",
    as: "member",
    params: AgentPath,
    answers: { 200: { description: "The evidence and each criterion with its figure." } },
    run: async (ctx, { params }) => ok(await showEvidence(ctx, params.id)),
  }),
  operation({
    method: "get",
    path: "/api/v1/agents/{id}/callback",
    summary: "Show where an agent is told what became of its requests",
    tag: "agents",
    as: "member",
    params: AgentPath,
    answers: { 200: { description: "The call-back without its secret, or null." } },
    run: async (ctx, { params }) => ok(await showCallback(ctx, params.id)),
  }),
  operation({
    method: "put",
    path: "/api/v1/agents/{id}/callback",
    summary:
      "Set where an agent is told what became of its requests; the secret is in the answer and never shown again",
    tag: "agents",
    as: "member",
    params: AgentPath,
    body: z.strictObject({ url: CallbackUrl }),
    answers: {
      200: { description: "Set.", schema: z.object({ url: z.string(), secret: z.string() }) },
    },
    run: async (ctx, { params, body }) => ok(await setCallback(ctx, { agent: params.id, url: body.url })),
  }),
  operation({
    method: "delete",
    path: "/api/v1/agents/{id}/callback",
    summary: "Tell an agent nothing any more; it can still poll",
    tag: "agents",
    as: "member",
    params: AgentPath,
    answers: { 200: { description: "Removed." } },
    run: async (ctx, { params }) => ok(await removeCallback(ctx, { agent: params.id })),
  }),
  operation({
    method: "post",
    path: "/api/v1/agents/{id}/credentials",
    summary: "Make another key for an agent; older keys go on until they expire or are revoked",
    tag: "agents",
    as: "member",
    params: AgentPath,
    body: CreateCredentialInput.omit({ agent: true }),
    answers: { 201: { description: "The key, shown once." } },
    run: async (ctx, { params, body }) => created(await createCredential(ctx, { ...body, agent: params.id })),
  }),
  operation({
    method: "delete",
    path: "/api/v1/agents/{id}/credentials/{credential}",
    summary: "Revoke a key at once",
    tag: "agents",
    as: "member",
    params: AgentPath.extend({ credential: z.uuid() }),
    answers: { 200: { description: "Revoked; no later decision is made for it." } },
    run: async (ctx, { params }) =>
      ok(await revokeCredential(ctx, { agent: params.id, credential_id: params.credential })),
  }),
];
