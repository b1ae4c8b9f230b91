import "server-only";

import { judgeGuardrail } from "../guardrails/judge-guardrail";
import { sentencesOf as sentencesOfGuardrail } from "../guardrails/sentences-of";
import { schemaFaults } from "../tools/schema-faults";
import { findLines } from "./find-lines";
import { judgeManifest } from "./judge-manifest";
import { sentencesOf } from "./sentences-of";

/** What is done beside the event loop: all reading of policies and schemas that people write, by name. Pure, so it needs nothing else. */
export const WORK = {
  judgeManifest,
  judgeGuardrail,
  explainManifest: (input: Parameters<typeof sentencesOf>) => sentencesOf(...input),
  findLines,
  schemaFaults,
  explainGuardrail: (input: Parameters<typeof sentencesOfGuardrail>) => sentencesOfGuardrail(...input),
};
export type Work = typeof WORK;
