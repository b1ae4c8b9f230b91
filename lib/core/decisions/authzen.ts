import { z } from "zod";

import type { JsonObject } from "@/lib/core/shared/json";
import { JsonRecord } from "@/lib/core/shared/json-record";

import type { AccessSubject } from "@/lib/core/workspaces/access-subject";

import { Call, Verdict } from "./schema";

const Word = z.string().min(1).max(1_000);

/** A subject or a resource. Members nobody knows are ignored, as the specification asks. */
const Entity = z.object({ type: Word, id: Word, properties: JsonRecord.default({}) });

/**
 * What AuthZEN has no word for. Strict, so that a misspelt `commit` is not taken for a mere question.
 *
 * Without `commit` an evaluation is a question: nothing is consumed, and a `true` is no permission to act. With it the
 * call is decided and recorded for the run that must then be named.
 */
const Extension = z
  .strictObject({
    session_id: Call.shape.session_id.optional(),
    run_id: Call.shape.run_id.optional(),
    call_id: Call.shape.call_id,
    commit: z.boolean().default(false),
    context: Call.shape.context,
    effect: Call.shape.effect,
    estimate: Call.shape.estimate,
    approval_id: Call.shape.approval_id,
  })
  .refine(({ commit, session_id: session, run_id: run }) => !commit || (session !== undefined && run !== undefined), {
    error: "to commit, name `session_id` and `run_id`",
    path: ["commit"],
  });

/**
 * An access evaluation request and how it becomes a call.
 *
 * `subject` is an agent by its handle, of type `agent`. `action.name` is the tool. The arguments are
 * `resource.properties` and `action.properties` together, and the resource itself: `{type: customer, id: C-1}` is the
 * argument `customer_id: "C-1"`, or `resource_id` where the type is not a plain word. A resource of type `tool` is the tool
 * and adds nothing. A subject of another type means the agent that the workspace's `access_subjects` map it to; only
 * there do its properties count.
 *
 * @source OpenID AuthZEN Authorization API 1.0, sections 5 and 6
 */
export const AccessRequest = z.object({
  subject: Entity,
  action: z.object({ name: z.string().min(1).max(256), properties: JsonRecord.default({}) }),
  resource: Entity,
  context: z.object({ interlock: Extension.optional() }).optional(),
});
export type AccessRequest = z.infer<typeof AccessRequest>;

/** What happens after an evaluation has answered. */
const Semantic = z.enum(["execute_all", "deny_on_first_deny", "permit_on_first_permit"]);
export type Semantic = z.infer<typeof Semantic>;

const MAX_EVALUATIONS = 100;

/** Several requests at once; the members beside `evaluations` are defaults, and the whole request when there are none. */
export const AccessBatch = z.object({
  subject: z.unknown().optional(),
  action: z.unknown().optional(),
  resource: z.unknown().optional(),
  context: z.unknown().optional(),
  evaluations: z.array(z.unknown()).max(MAX_EVALUATIONS).default([]),
  options: z.object({ evaluations_semantic: Semantic.default("execute_all") }).optional(),
});
export type AccessBatch = z.infer<typeof AccessBatch>;

const Reason = z.record(z.string(), z.string());

/** The answer to one evaluation. `true` only for the verdict `allow`; `committed` says whether it permits anything. */
export const AccessAnswer = z.object({
  decision: z.boolean(),
  context: z
    .object({
      id: z.string().optional(),
      verdict: Verdict.optional(),
      rule: z.string().nullable().optional(),
      codes: z.array(z.string()).optional(),
      risk: z.object({ score: z.int(), band: z.string() }).optional(),
      committed: z.boolean().optional(),
      decision_id: z.uuid().optional(),
      approval: z.unknown().optional(),
      receipt: z.string().optional(),
      reason_admin: Reason.optional(),
      reason_user: Reason.optional(),
      error: z.object({ status: z.int(), message: z.string() }).optional(),
    })
    .optional(),
});
export type AccessAnswer = z.infer<typeof AccessAnswer>;

/**
 * One evaluation of a batch with its defaults: what the item does not name is inherited whole, and what it names replaces
 * the default whole. Nothing is merged inside one, so no item is answered for a resource it did not name.
 */
export function withDefaults(batch: AccessBatch, item: unknown): unknown {
  if (!isObject(item)) return item;
  const { subject, action, resource, context } = batch;
  const defaults = Object.entries({ subject, action, resource, context }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(defaults), ...item };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The handle of the agent a subject means by the first rule that fits it, or null. */
export function agentOfSubject(subject: AccessRequest["subject"], rules: readonly AccessSubject[]): string | null {
  if (subject.type === "agent") return subject.id;
  const fits = ({ type, id, properties = {} }: AccessSubject) =>
    type === subject.type &&
    (id === undefined || id === subject.id) &&
    Object.entries(properties).every(
      ([name, value]) => Object.hasOwn(subject.properties, name) && subject.properties[name] === value,
    );
  return rules.find(fits)?.agent ?? null;
}

/** The call a request means, or why it means none. */
export type AccessCall =
  | { readonly ok: true; readonly call: Call; readonly commit: boolean }
  | { readonly ok: false; readonly path: string; readonly message: string };

/** A session and run of nobody, for questions that name none. */
const NO_RUN = "access";

/** Turns a request into a call. What is said twice must be the same both times, or it is not clear what is asked. */
export function callOfAccess({ action, resource, context }: AccessRequest): AccessCall {
  const extension = context?.interlock;
  const args: Record<string, JsonObject[string]> = { ...resource.properties };
  for (const [name, value] of Object.entries(action.properties)) {
    if (Object.hasOwn(args, name) && JSON.stringify(args[name]) !== JSON.stringify(value)) {
      return refused(`/action/properties/${name}`, `\`${name}\` is given twice with different values.`);
    }
    args[name] = value;
  }
  if (resource.type === "tool") {
    if (resource.id !== action.name) return refused("/resource/id", "The tool and the action are not the same.");
  } else {
    const name = /^[a-z][a-z0-9_]{0,60}$/i.test(resource.type) ? `${resource.type}_id` : "resource_id";
    if (Object.hasOwn(args, name) && String(args[name]) !== resource.id) {
      return refused("/resource/id", `\`${name}\` is given twice with different values.`);
    }
    args[name] ??= resource.id;
  }
  const call: Call = {
    session_id: extension?.session_id ?? NO_RUN,
    run_id: extension?.run_id ?? NO_RUN,
    ...(extension?.call_id !== undefined && { call_id: extension.call_id }),
    tool: action.name,
    args,
    context: extension?.context ?? [],
    effect: extension?.effect ?? null,
    rationale: null,
    estimate: extension?.estimate ?? null,
    approval_id: extension?.approval_id ?? null,
  };
  return { ok: true, call, commit: extension?.commit ?? false };
}

const refused = (path: string, message: string): AccessCall => ({ ok: false, path, message });

const USER_REASONS: Readonly<Record<Exclude<Verdict, "allow">, string>> = {
  require_approval: "A person must approve this first.",
  recommend: "This may only be recommended to a person.",
  deny: "This is not permitted.",
  halt: "This run has been halted.",
};

/** What is known of a decision that answers an evaluation. */
export type Evaluated = {
  readonly verdict: Verdict;
  readonly rule: string | null;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  readonly risk: { readonly score: number; readonly band: string };
};

/** A verdict as AuthZEN answers it: reasons for administrators name rules, those for users do not. */
export function accessAnswer({ verdict, rule, reasons, risk }: Evaluated, more: AccessAnswer["context"]): AccessAnswer {
  const codes = [...new Set(reasons.map(({ code }) => code))];
  const context = {
    id: codes[0] ?? verdict,
    verdict,
    rule,
    codes,
    risk: { score: risk.score, band: risk.band },
    ...more,
  };
  if (verdict === "allow") return { decision: true, context };
  const admin = reasons.map(({ message }) => message).join(" ");
  return {
    decision: false,
    context: { ...context, reason_admin: { en: admin }, reason_user: { en: USER_REASONS[verdict] } },
  };
}

/** An answer to a subject this caller may not ask about; the same whether there is such an agent or not. */
export const UNKNOWN_SUBJECT: AccessAnswer = Object.freeze({
  decision: false,
  context: {
    id: "subject_unknown",
    codes: ["subject_unknown"],
    committed: false,
    reason_admin: {
      en: "The subject is not an agent this caller may ask about: `agent` by its handle, or what `access_subjects` map to one, with its own key.",
    },
    reason_user: { en: USER_REASONS.deny },
  },
});

/** An evaluation that could not be made is no permission. */
export function failedAnswer(status: number, message: string): AccessAnswer {
  return { decision: false, context: { committed: false, error: { status, message } } };
}
