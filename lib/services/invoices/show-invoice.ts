import "server-only";

import { providerId } from "@/lib/core/costs/names";
import type { SpendPart } from "@/lib/core/figures/parts";
import { explainInvoice, type InvoiceExplained } from "@/lib/core/invoices/explain";
import { type Explained, shareOf } from "@/lib/core/invoices/explained";
import type { InvoiceRef } from "@/lib/core/invoices/schema";
import type { InvoicePage, ShownExplained, ShownInvoice } from "@/lib/core/invoices/shown";
import type { SeenCalls } from "@/lib/core/invoices/telemetry";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { DAY_MS } from "@/lib/core/shared/time";
import { listInvoiceEntries, listInvoices } from "@/lib/data/invoices";
import { listSpendAgents } from "@/lib/data/spend-facts";

import { requireMember, type ServiceContext } from "../context";
import { traceStore } from "../traces/stores";

const DAY_LENGTH = "2026-11-03".length;

/**
 * An imported invoice beside what telemetry of the same UTC days says now; for any member.
 *
 * @throws {AppError} `not_found`
 */
export async function showInvoice(ctx: ServiceContext, { id }: InvoiceRef): Promise<InvoicePage> {
  requireMember(ctx);
  const { db, workspaceId } = ctx;
  const [invoice] = isUuid(id) ? await listInvoices(db, workspaceId, { id }) : [];
  if (invoice === undefined) throw new AppError("not_found", "There is no such invoice.");
  const days = daysOf(invoice);
  const [entries, agents] = await Promise.all([
    listInvoiceEntries(db, workspaceId, id),
    listSpendAgents(db, workspaceId),
  ]);
  const handles = new Map(agents.map((agent) => [agent.id, agent.handle]));
  const seen = await seenIn(ctx, days, invoice.provider, handles);
  const explained = explainInvoice({ measure: invoice.measure, entries, days }, seen, [...handles.values()]);
  return { invoice, explained: shown(explained) };
}

function daysOf({ first_day: first, last_day: last }: ShownInvoice): readonly string[] {
  const count = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1;
  return Array.from({ length: count }, (_, at) =>
    new Date(Date.parse(first) + at * DAY_MS).toISOString().slice(0, DAY_LENGTH),
  );
}

/** Calls of a provider; one that tells no provider may be anybody's. */
async function seenIn(
  { workspaceId }: ServiceContext,
  days: readonly string[],
  provider: string | null,
  handles: ReadonlyMap<string, string>,
): Promise<readonly SeenCalls[]> {
  const parts = days.map((day, bucket): SpendPart => {
    const from = Date.parse(day);
    return { bucket, minutes: 1440, from, to: from + DAY_MS, sign: 1 };
  });
  const by = ["agent", "provider", "model"] as const;
  const measures = ["cost_picos", "tokens_input", "tokens_output", "unpriced"] as const;
  const [rows = []] = await traceStore.spend(workspaceId, [{ from: "calls", by, where: {}, parts, measures }]);
  return rows.flatMap(({ bucket, group: [agent = "", told = "", model = ""], sums }): SeenCalls[] => {
    if (model === "" || (provider !== null && told !== "" && providerId(told) !== provider)) return [];
    return [
      {
        day: days[bucket] ?? "",
        model,
        agent: handles.get(agent) ?? agent,
        picos: sums("cost_picos"),
        tokens: sums("tokens_input") + sums("tokens_output"),
        events: sums("events"),
        unpriced: sums("unpriced"),
      },
    ];
  });
}

function shown({ models, keys, days, cells, beyond, ...total }: InvoiceExplained): ShownExplained {
  return {
    ...told(total),
    models: models.map(({ seenAs, ...model }) => ({
      ...model,
      ...told(model),
      names: [...model.names],
      seen_as: [...seenAs],
    })),
    keys: keys.map((key) => ({ ...key, ...told(key) })),
    days: days.map((day) => ({ ...day, ...told(day) })),
    cells: cells.map((cell) => ({ ...cell, ...told(cell), seen: String(cell.seen) })),
    beyond: beyond.map(({ model, seenAs, beyond: units }) => ({ model, seen_as: [...seenAs], units: String(units) })),
  };
}

const told = (part: Explained) => ({
  invoiced: String(part.invoiced),
  explained: String(part.explained),
  share: shareOf(part),
});
