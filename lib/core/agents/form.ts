import { z } from "zod";

import { optionalNote } from "@/lib/core/shared/note";
import { AgentHandle } from "@/lib/core/shared/names";

import { Environment, Level, type RegisterAgentInput } from "./schema";

const LevelField = z.coerce.number().pipe(Level);

/** The registration form as a browser sends it: everything is text, an empty manifest is none. */
export const RegisterAgentForm = z
  .strictObject({
    id: AgentHandle,
    task: z.string().trim().min(1, "say what the agent is for").max(2_000),
    dri: z.string().min(1, "choose who answers for it"),
    environment: Environment,
    level: LevelField,
    manifest: z.string().max(256 * 1024),
  })
  .transform(({ manifest, ...agent }): RegisterAgentInput => (manifest.trim() === "" ? agent : { ...agent, manifest }));
export type RegisterAgentForm = z.infer<typeof RegisterAgentForm>;

/** A change of level as a form sends it. */
export const SetLevelForm = z.strictObject({
  agent: z.string().min(1).max(100),
  level: LevelField,
  reason: optionalNote(1_000),
});

/** A new key as a form asks for it. */
export const CreateCredentialForm = z.strictObject({
  agent: z.string().min(1).max(100),
  days: z.coerce.number().int().min(1).max(365).default(90),
});
