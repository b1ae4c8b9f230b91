import { request as api, type Browser, type BrowserContext, expect, type Page } from "@playwright/test";

import { axeOn } from "./axe";
import { member, signInAs } from "./people";
import { admin } from "./playwright.config";

/** An agent of a spec's own, whose calls wait for its operators: nothing else waits for those. */
export type DeskAgent = {
  readonly name: string;
  /** An operator, signed in: the desk holds this agent's actions only. */
  signIn(browser: Browser): Promise<Awaited<ReturnType<BrowserContext["cookies"]>>>;
  /** Elevated: one person, a text that changes. */
  askEmail(more?: object): Promise<Asked>;
  /** High: three rows. */
  askDelete(more?: object): Promise<Asked>;
  /** Expires within seconds. */
  askSoon(): Promise<Asked>;
  stateOf(id: string): Promise<{ readonly state: string; readonly note: string | null }>;
  /** Uses an approval, or is refused. */
  use(asked: Asked): Promise<{ readonly verdict: string; readonly decision_id: string }>;
  withdraw(id: string): Promise<void>;
  /** The administrator's answer, from another place. */
  vote(id: string, verdict: "deny" | "return", note: string): Promise<void>;
};

export type Asked = { readonly id: string; readonly body: Record<string, unknown> };

const asAdmin = { authorization: `Bearer ${admin.token}` };

/** @param word what its tools and it are called by, so that two specs never meet */
export async function givenDeskAgent(baseURL: string | undefined, word: string): Promise<DeskAgent> {
  const request = await api.newContext({ ...(baseURL !== undefined && { baseURL }) });
  const name = `${word}-${Date.now().toString(36)}`;
  const tool = (verb: string, blast_radius: string) => ({
    name: `${verb}_${word}`,
    reversibility: "irreversible",
    blast_radius,
    args_schema: { type: "object" },
  });
  const made = async (target: string, data: unknown) => {
    const answer = await request.post(target, { headers: asAdmin, data });
    expect(answer.ok(), await answer.text()).toBe(true);
    return answer.json();
  };
  await made("/api/v1/tools", [tool("send", "low"), tool("delete", "high"), tool("email", "low")]);
  const dri = `dri-${name}@example.com`;
  await made("/api/v1/members", { email: dri, name: "Dana Dri", roles: ["operator"] });
  const olu = { email: `operator-${name}@example.com`, name: "Olu Operator", roles: ["operator"] };
  const account = await member(request, olu);
  const manifest = `agent:
  id: "${name}"
tools:
  allowed:
    - name: "send_${word}"
      requires_approval: true
      approval_timeout_seconds: 900
      approver_role: "operator"
    - name: "delete_${word}"
      max_rows: 1
      approver_role: "operator"
    - name: "email_${word}"
      requires_approval: true
      approval_timeout_seconds: 2
      approver_role: "operator"
execution:
  max_steps: 500
`;
  const agent = { id: name, task: "Keeps contacts tidy", dri, environment: "production", level: 3, manifest };
  const { key } = await made("/api/v1/agents", agent);
  const asAgent = { authorization: `Bearer ${key}` };

  let calls = 0;
  const ask = async (toolName: string, args: object, more: object): Promise<Asked> => {
    calls += 1;
    const place = { session_id: `s-${calls}`, run_id: `r-${calls}`, call_id: `c-${calls}` };
    const body = { ...place, tool: toolName, args: { ...args, n: calls }, ...more };
    const answer = await (await request.post("/api/v1/decisions", { headers: asAgent, data: body })).json();
    expect(answer.verdict, JSON.stringify(answer)).toBe("require_approval");
    return { id: answer.approval.id, body };
  };
  const rows = Array.from({ length: 3 }, (_, n) => ({ id: `C-${n}`, name: `Contact ${n}`, value: n * 10 }));
  const text = { kind: "text", before: "Dear Ann\nsame\nsame\nYours", after: "Dear Bob\nsame\nsame\nBye" };
  return {
    name,
    async signIn(browser) {
      const page = await browser.newPage();
      await signInAs(page, account);
      const cookies = await page.context().cookies();
      await page.close();
      return cookies;
    },
    askEmail: (more = {}) => ask(`send_${word}`, { to: "a@example.com" }, { effect: text, ...more }),
    askDelete: (more = {}) =>
      ask(`delete_${word}`, { ids: rows.map(({ id }) => id) }, { effect: { kind: "rows", before: rows }, ...more }),
    askSoon: () => ask(`email_${word}`, { to: "a@example.com" }, {}),
    async stateOf(id) {
      return (await request.get(`/api/v1/approvals/${id}`, { headers: asAdmin })).json();
    },
    async use({ id, body }) {
      const data = { ...body, call_id: `use-${id}`, approval_id: id };
      return (await request.post("/api/v1/decisions", { headers: asAgent, data })).json();
    },
    async withdraw(id) {
      expect((await request.post(`/api/v1/approvals/${id}/withdraw`, { headers: asAgent })).ok()).toBe(true);
    },
    async vote(id, verdict, note) {
      const answer = await request.post(`/api/v1/approvals/${id}/votes`, { headers: asAdmin, data: { verdict, note } });
      expect(answer.ok(), await answer.text()).toBe(true);
    },
  };
}

/** Opens an action and waits until its page is alive and its keys answer. */
export async function openAction(page: Page, id: string): Promise<void> {
  await page.goto(`/approvals/${id}`);
  await expect(page.getByText("Live", { exact: true })).toBeAttached();
  await awake(page);
}

/** Waits until the action on the page takes every answer: keys and buttons are deaf for a moment after it has come up. */
export async function awake(page: Page): Promise<void> {
  await expect(async () => {
    const { pathname, searchParams } = new URL(page.url());
    const named = searchParams.get("item") ?? pathname.split("/").at(2);
    const review = page.locator(named === undefined ? "[data-approval]" : `[data-approval="${named}"]`);
    await expect(review).toHaveAttribute("data-answers", "all", { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
}

/** No serious finding in either theme, and nothing that scrolls sideways. */
export async function expectSound(page: Page, where: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${where} scrolls sideways`).toBeLessThanOrEqual(0);
  for (const theme of ["light", "dark"]) {
    await page.evaluate((wanted) => (document.documentElement.dataset["theme"] = wanted), theme);
    const { violations } = await axeOn(page).analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const found = serious.map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 160))]);
    expect(found, `${where}, ${theme}`).toEqual([]);
  }
}
