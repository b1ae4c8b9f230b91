import { Chip } from "@/components/ui/chip";
import { Link } from "@/components/ui/link";
import { Meter } from "@/components/ui/meter";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import type { Micros } from "@/lib/core/shared/money";
import { paths } from "@/lib/core/shared/paths";
import type { AgentDay, AgentDays as Days, AllAgentsDay } from "@/lib/core/workspaces/overview";

type AgentDaysProps = {
  day: Date;
  agents: Days;
  /** Whether these are the reader's own agents alone. */
  mine: boolean;
};

const HEAD = [
  "Agent",
  { label: "Calls", numeric: true },
  { label: "Denied", numeric: true },
  { label: "Halted", numeric: true },
  { label: "Settled", numeric: true },
  { label: "Reserved", numeric: true },
  "Most expensive run vs. its limit",
] as const;

/** Calls and refusals of the day by agent, and what decisions count as spent. Says what the sums do not know. */
export function AgentDays({ day, agents: { all, days }, mine }: AgentDaysProps) {
  const from = day.toISOString();
  const shown = days.length < all.agents ? `the ${days.length} with most refusals of ${all.agents}` : `${all.agents}`;
  return (
    <Section title="Agents today" aside={all.agents > 0 ? `${shown}, today in UTC` : "today, UTC"}>
      <p className="text-muted">
        Against their limits, {mine ? "your" : "all"} agents together have{" "}
        <strong className="text-text">{dollars(all.settled_micros)}</strong> settled and{" "}
        <strong className="text-text">{dollars(all.reserved_micros)}</strong> reserved. {coverageOf(all)}
      </p>
      {days.length > 0 && (
        <Table label="Agents today" head={HEAD}>
          {days.map((agent) => (
            <AgentRow key={agent.agent} agent={agent} from={from} />
          ))}
        </Table>
      )}
    </Section>
  );
}

/** Money nobody reported is not money nobody spent: the sentence beside the sum. */
function coverageOf({ agents, allowed, priced }: AllAgentsDay): string {
  if (agents === 0) return "No agent asked for anything today.";
  if (allowed === 0) return "No call was allowed today, so nothing could cost.";
  if (priced === 0)
    return `None of ${allowed} allowed calls reported a cost: this is what agents announced, not what was paid.`;
  if (priced < allowed)
    return `${priced} of ${allowed} allowed calls reported their cost; the others count as announced, or as nothing.`;
  return `All ${allowed} allowed calls reported their cost.`;
}

function AgentRow({ agent, from }: { agent: AgentDay; from: string }) {
  const { agent: handle, dearest_run_micros: dearest, run_bound_usd: bound } = agent;
  return (
    <Row>
      <Cell header>
        <span className="inline-flex items-center gap-2">
          <Link href={paths.agent(handle)} className="inline-flex min-h-6 items-center hover:underline">
            <Mono>
              <VisibleText text={handle} />
            </Mono>
          </Link>
          {agent.demo && <Chip tone="demo">demo</Chip>}
        </span>
      </Cell>
      <CountCell count={agent.decisions} href={paths.decisions({ agent: handle, from })} what={`calls of ${handle}`} />
      <CountCell
        count={agent.denied}
        href={paths.decisions({ agent: handle, verdict: "deny", from })}
        what={`denied calls of ${handle}`}
      />
      <CountCell
        count={agent.halted}
        href={paths.decisions({ agent: handle, verdict: "halt", from })}
        what={`halted calls of ${handle}`}
      />
      <Cell numeric>{dollars(agent.settled_micros)}</Cell>
      <Cell numeric>{dollars(agent.reserved_micros)}</Cell>
      <Cell>
        {bound === null ? (
          <span className="text-muted">{dollars(dearest)}, no limit set</span>
        ) : (
          <span className="flex items-center gap-3">
            <span className="w-24 shrink-0">
              <Meter value={dearest / 1_000_000} max={bound} label={`Most expensive run of ${handle} vs. its limit`} />
            </span>
            <Link href={paths.runs({ agent: handle })} className="inline-flex min-h-6 items-center hover:underline">
              {dollars(dearest)} of ${bound.toFixed(2)}
            </Link>
          </span>
        )}
      </Cell>
    </Row>
  );
}

/** Four decimals, so that amounts stand under each other; what is smaller still is not shown as nothing. */
function dollars(micros: Micros): string {
  if (micros === 0) return "$0";
  if (micros > 0 && micros < 50) return "<$0.0001";
  return `$${(micros / 1_000_000).toLocaleString("en", { minimumFractionDigits: 4, maximumFractionDigits: 4 })}`;
}

function CountCell({ count, href, what }: { count: number; href: string; what: string }) {
  return (
    <Cell numeric>
      <Link
        href={href}
        aria-label={`${count} ${what}`}
        className={`inline-flex min-h-6 min-w-6 items-center justify-end hover:underline ${count === 0 ? "text-muted" : ""}`}
      >
        {count.toLocaleString("en")}
      </Link>
    </Cell>
  );
}
