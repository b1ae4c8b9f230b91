/** Every internal link. Screens, e-mails and API answers take addresses from here and nowhere else. */
export const paths = {
  signIn: () => "/signin",
  /** The overview, arranged for one of its views. */
  overview: (query: { view?: string } = {}) => `/overview${search(query)}`,
  desk: (
    query: {
      state?: string | undefined;
      band?: string | undefined;
      item?: string | undefined;
      agent?: string | undefined;
      tool?: string | undefined;
      text?: string | undefined;
      person?: string | undefined;
      from?: string | undefined;
      to?: string | undefined;
      cursor?: string | undefined;
    } = {},
  ) => `/approvals${search(query)}`,
  /** A few calls that ran unasked; the same seed draws the same. */
  auditSample: (seed?: string) => `/approvals/sample${search({ seed })}`,
  /** The history as a file, narrowed as its page is. */
  historyExport: (query: Record<string, string | undefined>) => `/api/v1/approvals/export${search(query)}`,
  /** Where a page that shows an action says that somebody looks at it. */
  looks: () => "/approvals/looks",
  /** Where the desk sends an answer. */
  votes: () => "/approvals/votes",
  /** Where a page says that it has shown somebody an action. */
  opened: () => "/approvals/opened",
  /** Where an approval that can still be taken back is taken back. */
  undo: () => "/approvals/undo",
  approval: (approvalId: string) => `/approvals/${encodeURIComponent(approvalId)}`,
  /** Lines of one part of an action's effect. */
  approvalPart: (approvalId: string, part: string, query: { from: number; find?: string }) =>
    `/api/v1/approvals/${encodeURIComponent(approvalId)}/parts/${encodeURIComponent(part)}${search(query)}`,
  agents: (query: { status?: string; cursor?: string } = {}) => `/agents${search(query)}`,
  newAgent: () => "/agents/new",
  agent: (handle: string) => `/agents/${encodeURIComponent(handle)}`,
  /** What an agent's work came to beside how it was done before. */
  outcomes: (handle: string) => `/agents/${encodeURIComponent(handle)}/outcomes`,
  manifest: (handle: string, version?: number, line?: number) =>
    `/agents/${encodeURIComponent(handle)}/manifest${search({ version })}${line === undefined ? "" : `#L${line}`}`,
  /** Two versions beside each other: what `version` changed against `compare`. */
  manifestDiff: (handle: string, compare: number, version: number) =>
    `/agents/${encodeURIComponent(handle)}/manifest${search({ version, compare })}`,
  /** The form of a new version, begun from the one named or the one in force. */
  proposeManifest: (handle: string, from?: number) =>
    `/agents/${encodeURIComponent(handle)}/manifest/propose${search({ from })}`,
  /** The same, begun from the one in force, at a line of it as long as it is that version. */
  proposeManifestAt: (handle: string, version: number, line: number) =>
    `/agents/${encodeURIComponent(handle)}/manifest/propose${search({ version, line })}`,
  guardrails: (query: { version?: number; compare?: number } = {}, line?: number) =>
    `/guardrails${search(query)}${line === undefined ? "" : `#L${line}`}`,
  /** The form of a new version, begun from the one named or the one in force. */
  proposeGuardrail: (from?: number) => `/guardrails/propose${search({ from })}`,
  tools: (query: { name?: string; cursor?: string } = {}) => `/tools${search(query)}`,
  /** The form of one catalogue entry; without a name, of a new one. */
  editTool: (name?: string) => `/tools/edit${search({ name })}`,
  /** Runs, narrowed as `RunFilter` reads it. */
  runs: (query: Readonly<Record<string, string | undefined>> = {}) => `/runs${search(query)}`,
  /** Budgets, with the one that is being written. */
  budgets: (query: Record<string, string | undefined> = {}) => `/spend/budgets${search(query)}`,
  advice: () => "/spend/advice",
  /** Advice as a file. */
  adviceExport: () => "/api/v1/advice?format=csv",
  /** Imported invoices of providers. */
  invoices: () => "/spend/invoices",
  /** One of them beside telemetry, narrowed to a model. */
  invoice: (invoiceId: string, query: { model?: string | undefined } = {}) =>
    `/spend/invoices/${encodeURIComponent(invoiceId)}${search(query)}`,
  /** An invoice by day and model, by model or by key as a file. */
  invoiceFile: (invoiceId: string, part: "cells" | "models" | "keys") =>
    `/api/v1/invoices/${encodeURIComponent(invoiceId)}${search({ format: "csv", rows: part })}`,
  /** What became of telemetry, by an id. */
  findTelemetry: (id?: string) => `/runs/find${search({ id })}`,
  /** A trace in whose run no call was decided. */
  trace: (traceId: string, query: { from?: number; find?: string; only?: string } = {}, row?: string) =>
    `/runs/traces/${encodeURIComponent(traceId)}${search(query)}${row === undefined ? "" : `#${row}`}`,
  run: (runId: string, query: { from?: number; find?: string; only?: string } = {}, row?: string) =>
    `/runs/${encodeURIComponent(runId)}${search(query)}${row === undefined ? "" : `#${row}`}`,
  /** What was spent: a range, a comparison, a split and filters, each by its name in the address. */
  spend: (query: Readonly<Record<string, string | undefined>> = {}) => `/spend${search(query)}`,
  /** A run's story as a file. */
  runStory: (runId: string) => `/api/v1/runs/${encodeURIComponent(runId)}/story`,
  decisions: (
    query: {
      verdict?: string;
      agent?: string;
      tool?: string;
      dependency?: string;
      from?: string;
      cursor?: string;
    } = {},
  ) => `/decisions${search(query)}`,
  decision: (decisionId: string) => `/decisions/${encodeURIComponent(decisionId)}`,
  incidents: (query: { state?: string; class?: string; agent?: string; cursor?: string } = {}) =>
    `/incidents${search(query)}`,
  incident: (incidentId: string) => `/incidents/${encodeURIComponent(incidentId)}`,
  /** The form of an incident a person opens, begun for an agent or a run. */
  newIncident: (query: { agent?: string; run?: string } = {}) => `/incidents/new${search(query)}`,
  /** The figures of the page of spend as a file, narrowed as the page is. */
  metricsExport: (query: Record<string, string | undefined> = {}) =>
    `/api/v1/metrics${search({ ...query, format: "csv" })}`,
  /** What each owner's agents cost in a month. */
  showback: () => "/api/v1/showback",
  signals: (query: { state?: string; signal?: string; agent?: string; from?: string; cursor?: string } = {}) =>
    `/signals${search(query)}`,
  /** The objectives of agents, or one agent's. */
  objectives: (query: { agent?: string | undefined } = {}) => `/signals/objectives${search(query)}`,
  /** One objective, with the runs that spent its error budget. */
  objective: (objectiveId: string) => `/signals/objectives/${encodeURIComponent(objectiveId)}`,
  /** What moved in a week, such as `2026-W48`, and what it cost. */
  weekly: (query: { week?: string | undefined; person?: string | undefined } = {}) => `/signals/weekly${search(query)}`,
  /** The systems that tools share. */
  dependencies: () => "/signals/dependencies",
  /** One alert. */
  signal: (alertId: string) => `/signals/${encodeURIComponent(alertId)}`,
  ledger: (query: { kind?: string; cursor?: string } = {}) => `/ledger${search(query)}`,
  ledgerExport: (format: "jsonl" | "csv") => `/api/v1/ledger/export?format=${format}`,
  ledgerBundle: () => "/api/v1/ledger/bundle",
  ledgerProof: (entryId: string) => `/api/v1/ledger/entries/${encodeURIComponent(entryId)}/proof`,
  ledgerKeys: () => "/api/v1/ledger/keys",
  ledgerCheckpoints: (cursor?: string) => `/api/v1/ledger/checkpoints${search({ limit: 200, cursor })}`,
  ledgerLeaves: (from: number, limit: number) => `/api/v1/ledger/leaves${search({ from, limit })}`,
  /** How the organisation reviews, since a day. */
  reviewers: (from?: string) => `/reviewers${search({ from })}`,
  /** One person's scorecard: `me`, or for an administrator anybody's. */
  scorecard: (member = "me") => `/reviewers/${encodeURIComponent(member)}`,
  /** Practice on past actions. */
  burst: () => "/reviewers/practice",
  /** What a calibration item was, once it is over; `next` is where its reviewer was going. */
  calibrationItem: (item: string, next?: string) => `/reviewers/items/${encodeURIComponent(item)}${search({ next })}`,
  verifier: () => "/verify.mjs",
  people: (query: { q?: string | undefined; cursor?: string } = {}) => `/people${search(query)}`,
  /** Where an invited person sets up their account. */
  invitation: (code: string) => `/invitation/${encodeURIComponent(code)}`,
  settings: () => "/settings",
  security: () => "/settings#security",
  notifications: () => "/settings/notifications",
  redaction: () => "/settings/redaction",
  /** The prices of model calls; with a model, where an override for it is begun. */
  prices: (begin: { provider?: string; model?: string } = {}) =>
    `/settings/prices${search(begin)}${begin.model === undefined ? "" : "#override"}`,
};

function search(query: Record<string, string | number | undefined>): string {
  const given = Object.entries(query).filter(
    (pair): pair is [string, string | number] => pair[1] !== undefined && pair[1] !== "",
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}
