import "server-only";

import { QUARTER_MS } from "@/lib/core/figures/range";
import { partsOfPeriod } from "@/lib/core/figures/parts";
import type { AgentWeek, Compared, Moved, OwnerWeek, WeekAlerts } from "@/lib/core/objectives/review";
import { type Week, weekOf } from "@/lib/core/objectives/week";
import { countAlertsByAgent } from "@/lib/data/alerts";
import type { SpendQuestion } from "@/lib/data/trace-store";
import { listDue, listMoved, listOwnedAgents, type OwnedAgent } from "@/lib/data/weekly-reviews";

import { requireMember, type ServiceContext } from "../context";
import { traceStore } from "../traces/stores";
import { standingObjectives } from "./list-objectives";

/** A week as its page shows it, by who answers for the agents. */
export type ShownWeek = {
  readonly week: Week;
  /** Until when it is shown: its end, or now while it goes on. */
  readonly until: Date;
  readonly owners: readonly OwnerWeek[];
  /** Budgets that are nobody's in particular. */
  readonly budgets: readonly Moved[];
};

/** What moved in a week, what it cost, which objectives were met and what is due now. For any member. */
export async function showWeek(ctx: ServiceContext, week: Week): Promise<ShownWeek> {
  requireMember(ctx);
  return readWeekOf(ctx, week);
}

/** The same for the job that sends it. */
export async function readWeekOf(ctx: ServiceContext, week: Week): Promise<ShownWeek> {
  const { db, workspaceId, now } = ctx;
  const until = new Date(Math.min(week.to.getTime(), Math.ceil(now.getTime() / QUARTER_MS) * QUARTER_MS));
  const lastMoment = new Date(Math.min(week.to.getTime() - 1, now.getTime()));
  const [agents, moved, due, alerts, objectives, spent] = await Promise.all([
    listOwnedAgents(db, workspaceId),
    listMoved(db, workspaceId, week),
    listDue(db, workspaceId),
    countAlertsByAgent(db, workspaceId, week),
    standingObjectives(ctx, lastMoment),
    spentBy(ctx, { from: week.from, to: until }, { from: weekOf(week.from, -1).from, to: sameTimeBefore(until) }),
  ]);
  const weekOfAgent = ({ id, handle, level, demo }: OwnedAgent): AgentWeek => ({
    agent: handle,
    demo,
    level,
    ...(spent.get(id) ?? NOTHING_SPENT),
    moved: moved.filter(({ agent }) => agent === handle),
    alerts: alerts.get(id) ?? NO_ALERTS,
    objectives: objectives.filter((one) => one.agent === handle && one.created_at < week.to),
    due: due.get(handle) ?? [],
  });
  const owners = new Map<string, { owner: OwnerWeek["owner"]; agents: AgentWeek[]; budgets: readonly Moved[] }>();
  for (const agent of agents) {
    const { owner_id: id, owner_name: name } = agent;
    const budgets = moved.filter(({ memberId }) => memberId === id);
    const own = owners.get(id) ?? { owner: { id, name }, agents: [], budgets };
    own.agents.push(weekOfAgent(agent));
    owners.set(id, own);
  }
  const budgets = moved.filter(({ agent, memberId }) => agent === null && memberId === null);
  return { week, until, owners: [...owners.values()], budgets };
}

const NO_ALERTS: WeekAlerts = { fired: 0, actedOn: 0, dismissed: 0, ended: 0, open: 0 };
const NOTHING: Compared = { now: "0", before: "0" };
const NOTHING_SPENT = { cost: NOTHING, runs: NOTHING, unpriced: "0" };

const WEEK_MS = 7 * 24 * 4 * QUARTER_MS;
const sameTimeBefore = (at: Date): Date => new Date(at.getTime() - WEEK_MS);

type Span = { readonly from: Date; readonly to: Date };
type Spent = Pick<AgentWeek, "cost" | "runs" | "unpriced">;

/** What each agent cost in two spans, exactly, from the sums of spend. */
async function spentBy(ctx: ServiceContext, now: Span, before: Span): Promise<ReadonlyMap<string, Spent>> {
  const questionOf = (span: Span): SpendQuestion => ({
    from: "values",
    dimension: "all",
    by: ["agent"],
    parts: partsOfPeriod(span),
    measures: ["cost_picos", "runs", "unpriced"],
  });
  const [rows = [], earlier = []] = await traceStore.spend(ctx.workspaceId, [questionOf(now), questionOf(before)]);
  const byAgent = (all: typeof rows) => new Map(all.map(({ group, sums }) => [group[0] ?? "", sums]));
  const [current, past] = [byAgent(rows), byAgent(earlier)];
  return new Map(
    [...new Set([...current.keys(), ...past.keys()])].map((id) => {
      const compared = (measure: "cost_picos" | "runs"): Compared => ({
        now: String(current.get(id)?.(measure) ?? 0n),
        before: String(past.get(id)?.(measure) ?? 0n),
      });
      const unpriced = String(current.get(id)?.("unpriced") ?? 0n);
      return [id, { cost: compared("cost_picos"), runs: compared("runs"), unpriced }];
    }),
  );
}
