import "server-only";

import type { CredentialScope } from "@/lib/core/agents/schema";
import type { AgentId, CredentialId, MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { Role } from "@/lib/core/workspaces/schema";
import type { Db } from "@/lib/data/db";

/** Who is asking. `via` tells a person at the screen from one whose token a program holds. */
export type Actor =
  | {
      readonly kind: "member";
      readonly memberId: MemberId;
      readonly roles: readonly Role[];
      readonly via: "screen" | "token";
    }
  | {
      readonly kind: "agent";
      readonly agentId: AgentId;
      readonly credentialId: CredentialId;
      readonly scopes: readonly CredentialScope[];
    }
  | { readonly kind: "system"; readonly job: string };

/** Who is asking, for which workspace, when, and on which connection. Services read nothing else ambient. */
export type ServiceContext = {
  readonly workspaceId: WorkspaceId;
  readonly actor: Actor;
  readonly requestId: string;
  readonly now: Date;
  readonly db: Db;
};

export type MemberActor = Extract<Actor, { kind: "member" }>;
export type AgentActor = Extract<Actor, { kind: "agent" }>;

/** @throws {AppError} `forbidden` unless a person with one of these roles is asking; `admin` holds every role but reviewer */
export function requireRole(ctx: ServiceContext, ...oneOf: readonly Role[]): MemberActor {
  const actor = requireMember(ctx);
  const held = actor.roles.some(
    (role) => oneOf.includes(role) || (role === "admin" && !oneOf.every((r) => r === "reviewer")),
  );
  if (!held) throw new AppError("forbidden", `This needs the ${oneOf.join(" or ")} role.`, { reason: "role_missing" });
  return actor;
}

/** @throws {AppError} `forbidden` unless a person is asking, whatever their roles */
export function requireMember(ctx: ServiceContext): MemberActor {
  if (ctx.actor.kind !== "member") throw new AppError("forbidden", "This needs a person.", { reason: "member_needed" });
  return ctx.actor;
}

/** @throws {AppError} `forbidden` unless an agent is asking with a credential of this scope */
export function requireAgent(ctx: ServiceContext, scope: CredentialScope): AgentActor {
  if (ctx.actor.kind !== "agent")
    throw new AppError("forbidden", "This needs an agent key.", { reason: "agent_needed" });
  if (!ctx.actor.scopes.includes(scope)) {
    throw new AppError("forbidden", `This key may not be used to ${scope}.`, { reason: "scope_missing" });
  }
  return ctx.actor;
}

/** @throws {AppError} `forbidden` unless one of our own jobs is asking */
export function requireSystem(ctx: ServiceContext): Extract<Actor, { kind: "system" }> {
  if (ctx.actor.kind !== "system") throw new AppError("forbidden", "Only the system does this.");
  return ctx.actor;
}
