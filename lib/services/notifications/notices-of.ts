import "server-only";

import { ReviewPayload } from "@/lib/core/objectives/review";
import { AlertPayload } from "@/lib/core/alerts/payload";
import { approvalNotice, plain } from "@/lib/core/notifications/compose";
import type { Notice, NoticeEvent } from "@/lib/core/notifications/schema";
import { ApprovalState } from "@/lib/core/approvals/schema";
import { paths } from "@/lib/core/shared/paths";
import type { TimedEvent, ToldApproval } from "@/lib/data/delivery-queue";

/** Something to tell: about what, and to whom it matters. */
export type ToTell = {
  readonly event: NoticeEvent | "destination.off";
  readonly subject: string;
  readonly approvalId: string | null;
  readonly agent: string | null;
  /** The one person it is for; absent where who is told follows from the event. */
  readonly member?: string;
  readonly notice: Notice;
};

/** What in the outbox is told outside. Several names for one thing are what several writers call it. */
export const TOLD_TOPICS = [
  "approval.waiting",
  "approval.escalated",
  "approval.unseen",
  "approval.settled",
  "incident.open",
  "stop.request",
  "workspace.restored",
  "agent.flooding",
  "agent.asking_paused",
  "destination.give_up",
  "budget.warn",
  "budget.over",
  "alert.fire",
  "alert.notify",
  "alert.resolve",
  "review.send",
] as const;

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** The request an event is about; null for other events. */
export const approvalOf = ({ topic, payload }: TimedEvent): string | null =>
  topic.startsWith("approval.") ? text(payload["approval_id"]) : null;

/** What one event says outside; null when it says nothing. */
export function noticeOf(event: TimedEvent, approvals: ReadonlyMap<string, ToldApproval>): ToTell | null {
  const { topic, payload, created_at: at } = event;
  if (topic.startsWith("approval.")) return aboutApproval(event, approvals);
  if (topic.startsWith("alert.")) return aboutAlert(event);
  if (topic === "review.send") return aboutReview(event);
  if (topic === "incident.open") {
    const id = text(payload["incident_id"]) ?? text(payload["incident"]);
    if (id === null) return null;
    return told("incident.opened", `incident:${id}`, at, {
      title: "An incident was opened",
      agent: text(payload["agent"]),
      path: paths.incident(id),
    });
  }
  if (topic === "stop.request") {
    if (payload["scope"] !== "workspace") return null;
    const title = "The workspace was stopped";
    return told("workspace.stopped", `stop:${text(payload["stop"]) ?? event.id}`, at, {
      title,
      path: paths.overview(),
    });
  }
  if (topic === "destination.give_up") {
    const title = "A destination of notifications failed for so long that it was switched off";
    return told("destination.off", `destination:${event.id}`, at, { title, path: paths.notifications() });
  }
  if (topic === "workspace.restored") {
    const title = "The workspace was stopped: its database is a restored copy";
    return told("workspace.stopped", `restore:${event.id}`, at, { title, path: paths.overview() });
  }
  if (topic === "budget.warn" || topic === "budget.over") {
    const words = topic === "budget.over" ? "is used up" : "has reached its warning share";
    // Whom or what it is for is a value that somebody chose or an event claimed, so it stays out.
    const title = `A ${text(payload["scope"]) ?? ""} budget of ${text(payload["amount"]) ?? ""} ${unitWord(payload)} a ${text(payload["period"]) ?? ""} ${words}`;
    const subject = `${topic}:${text(payload["budget"]) ?? event.id}:${text(payload["from"]) ?? ""}`;
    return told("budget.crossed", subject, at, { title, path: paths.budgets() });
  }
  if (topic !== "agent.flooding" && topic !== "agent.asking_paused") return null;
  const agent = text(payload["agent"]);
  const title = "An agent has more actions waiting than its limit";
  return told("agent.flooding", `flood:${event.id}`, at, {
    title,
    agent,
    path: paths.desk(agent === null ? {} : { agent }),
  });
}

const unitWord = (payload: TimedEvent["payload"]) => (payload["metric"] === "tokens" ? "tokens" : "dollars");

function aboutApproval({ topic, payload, created_at: at }: TimedEvent, approvals: ReadonlyMap<string, ToldApproval>) {
  const id = text(payload["approval_id"]);
  const approval = id === null ? undefined : approvals.get(id);
  if (id === null || !approval) return null;
  const event = topic as Extract<NoticeEvent, `approval.${string}`>; // one of TOLD_TOPICS, which are all there is here
  const said = ApprovalState.safeParse(payload["state"]);
  const state = event === "approval.settled" && said.success ? said.data : stateOf(event, payload);
  const notice = approvalNotice(event, approval, { at, state });
  return { event, subject: `approval:${id}`, approvalId: id, agent: approval.agent, notice };
}

/** An alert that joined the group of another says nothing of its own: its cause was told. */
function aboutAlert({ topic, payload, created_at: at }: TimedEvent): ToTell | null {
  const alert = AlertPayload.safeParse(payload);
  if (!alert.success || !alert.data.first) return null;
  const { alert: id, agent, title, lines } = alert.data;
  const prefix = topic === "alert.resolve" ? "Resolved: " : topic === "alert.notify" ? "Still firing: " : "";
  return told(topic === "alert.resolve" ? "alert.resolved" : "alert.firing", `alert:${id}`, at, {
    title: plain(prefix + title),
    agent: plain(agent),
    path: paths.signal(id),
    lines: lines.map(plain),
  });
}

/** The review of a week, which is one person's. */
function aboutReview({ payload, created_at: at }: TimedEvent): ToTell | null {
  const review = ReviewPayload.safeParse(payload);
  if (!review.success) return null;
  const { week, member, title, lines } = review.data;
  const about = { title: plain(title), path: paths.weekly({ week, person: member }), lines: lines.map(plain) };
  return { ...told("review.weekly", `review:${week}:${member}`, at, about), member };
}

const stateOf = (event: NoticeEvent, payload: TimedEvent["payload"]): ApprovalState =>
  event === "approval.unseen" && payload["when"] === "expired" ? "expired" : "waiting";

function told(
  event: ToTell["event"],
  subject: string,
  at: Date,
  {
    title,
    agent = null,
    path,
    lines = [],
  }: {
    readonly title: string;
    readonly agent?: string | null;
    readonly path: string;
    readonly lines?: readonly string[];
  },
): ToTell {
  const notice = {
    event,
    at: at.toISOString(),
    title,
    agent,
    band: null,
    deadline: null,
    state: null,
    by: [],
    lines: [...lines],
    path,
  };
  return { event, subject, approvalId: null, agent, notice };
}
