import { z } from "zod";

// Ids are branded so a WorkspaceId can never be passed where an AgentId is
// expected. The schema is the only way to make one: parsing is the proof.

export const WorkspaceId = z.uuid().brand<"WorkspaceId">();
export type WorkspaceId = z.infer<typeof WorkspaceId>;

export const MemberId = z.uuid().brand<"MemberId">();
export type MemberId = z.infer<typeof MemberId>;

/** An agent's row id. Agents also have a handle, the `id` of their manifest, which is what people and URLs use. */
export const AgentId = z.uuid().brand<"AgentId">();
export type AgentId = z.infer<typeof AgentId>;

export const CredentialId = z.uuid().brand<"CredentialId">();
export type CredentialId = z.infer<typeof CredentialId>;

export const DecisionId = z.uuid().brand<"DecisionId">();
export type DecisionId = z.infer<typeof DecisionId>;

export const ApprovalId = z.uuid().brand<"ApprovalId">();
export type ApprovalId = z.infer<typeof ApprovalId>;

export const RunId = z.uuid().brand<"RunId">();
export type RunId = z.infer<typeof RunId>;

export const IncidentId = z.uuid().brand<"IncidentId">();
export type IncidentId = z.infer<typeof IncidentId>;

export const StopId = z.uuid().brand<"StopId">();
export type StopId = z.infer<typeof StopId>;
