import { z } from "zod";

import {
  AlertState,
  ChangeRuleInput,
  DismissAlertInput,
  RuleId,
  SignalSpan,
  SilenceAlertInput,
} from "@/lib/core/alerts/schema";
import { SIGNALS } from "@/lib/core/alerts/signals";
import { signalsBody, SignalsBody } from "@/lib/core/alerts/signals-body";
import { acknowledgeAlert } from "@/lib/services/alerts/acknowledge-alert";
import { changeRule } from "@/lib/services/alerts/change-rule";
import { dismissAlert } from "@/lib/services/alerts/dismiss-alert";
import { listAlerts } from "@/lib/services/alerts/list-alerts";
import { listRules } from "@/lib/services/alerts/list-rules";
import { showAlert } from "@/lib/services/alerts/show-alert";
import { showSignals } from "@/lib/services/alerts/show-signals";
import { silenceAlert } from "@/lib/services/alerts/silence-alert";

import { ok, operation } from "./declare";
import { Page, PageQuery } from "./page";

const AlertParams = z.strictObject({ id: z.uuid() });
const changed = (state: string) => ({ schema: z.object({ alert_id: z.uuid(), state: z.literal(state) }) });

export const alertOperations = [
  operation({
    method: "get",
    path: "/api/v1/signals",
    summary: "Show each signal of an agent, or of all active agents together, by the hour beside its usual",
    tag: "alerts",
    as: "member",
    query: z.strictObject({ agent: z.string().max(100).optional(), from: SignalSpan.default("now-24h") }),
    answers: {
      200: { description: "The signals, and how good the alerts of the last 30 days were.", schema: SignalsBody },
    },
    run: async (ctx, { query }) => ok(signalsBody(await showSignals(ctx, query))),
  }),
  operation({
    method: "get",
    path: "/api/v1/alerts",
    summary: "List alerts, newest first",
    tag: "alerts",
    as: "member",
    query: PageQuery.extend({
      state: AlertState.or(z.literal("open")).optional(),
      signal: z.enum(SIGNALS).optional(),
      agent: z.string().max(100).optional(),
    }),
    answers: { 200: { description: "A page.", schema: Page } },
    run: async (ctx, { query }) => ok(await listAlerts(ctx, query)),
  }),
  operation({
    method: "get",
    path: "/api/v1/alerts/{id}",
    summary: "Show an alert: what happened, since when, compared with what, and what to do next",
    tag: "alerts",
    as: "member",
    params: AlertParams,
    answers: { 200: { description: "The alert, with everything it was judged by." } },
    run: async (ctx, { params }) => ok(await showAlert(ctx, params.id)),
  }),
  operation({
    method: "post",
    path: "/api/v1/alerts/{id}/acknowledge",
    summary: "Say that somebody has seen an alert; people are not told of it again",
    tag: "alerts",
    as: "member",
    params: AlertParams,
    answers: { 200: { description: "Acknowledged.", ...changed("acknowledged") } },
    run: async (ctx, { params }) => ok(await acknowledgeAlert(ctx, params.id)),
  }),
  operation({
    method: "post",
    path: "/api/v1/alerts/{id}/silence",
    summary: "Silence an alert until a moment",
    tag: "alerts",
    as: "member",
    params: AlertParams,
    body: SilenceAlertInput.omit({ id: true }),
    answers: { 200: { description: "Silenced.", ...changed("silenced") } },
    run: async (ctx, { params, body }) => ok(await silenceAlert(ctx, { ...body, id: params.id })),
  }),
  operation({
    method: "post",
    path: "/api/v1/alerts/{id}/dismiss",
    summary: "Close an alert by hand, with the reason",
    tag: "alerts",
    as: "member",
    params: AlertParams,
    body: DismissAlertInput.omit({ id: true }),
    answers: { 200: { description: "Closed.", ...changed("resolved") } },
    run: async (ctx, { params, body }) => ok(await dismissAlert(ctx, { ...body, id: params.id })),
  }),
  operation({
    method: "get",
    path: "/api/v1/alert-rules",
    summary: "List the rules of alerts as they hold here",
    tag: "alerts",
    as: "member",
    answers: { 200: { description: "The rules." } },
    run: async (ctx) => ok({ items: await listRules(ctx) }),
  }),
  operation({
    method: "post",
    path: "/api/v1/alert-rules/{rule}",
    summary: "Change a rule of alerts for every agent, or for one",
    tag: "alerts",
    as: "member",
    params: z.strictObject({ rule: RuleId }),
    body: ChangeRuleInput.omit({ rule: true }),
    answers: { 200: { description: "Changed.", schema: z.object({ rule: z.string() }) } },
    run: async (ctx, { params, body }) => ok(await changeRule(ctx, { ...body, rule: params.rule })),
  }),
];
