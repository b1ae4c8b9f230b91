import { type APIRequestContext, expect, test } from "@playwright/test";

import { axeOn } from "./axe";
import { member, signInAs } from "./people";
import { admin } from "./playwright.config";

const NAME = `mail-${Date.now().toString(36)}.example`;
const TOOLS = [`post_${Date.now().toString(36)}`, `list_${Date.now().toString(36)}`] as const;
const FAILURES = 10;

/** Two agents with both tools, of which the first depends on the system. @returns what makes a call and reports it as failed */
async function givenAgents(request: APIRequestContext): Promise<() => Promise<Record<string, unknown>>> {
  const made = async (target: string, data: unknown) => {
    const answer = await request.post(target, { headers: { authorization: `Bearer ${admin.token}` }, data });
    expect(answer.ok(), await answer.text()).toBe(true);
    return answer.json();
  };
  const tools = TOOLS.map((name) => ({ name, reversibility: "reversible", blast_radius: "low" }));
  await made("/api/v1/tools", [{ ...tools[0], dependency: NAME }, tools[1]]);
  // Their own breakers would open after five.
  const manifest = (id: string) =>
    `agent: {id: "${id}"}\nexecution: {circuit_breaker: {failures: 100}}\ntools:\n  allowed:\n${TOOLS.map((name) => `    - {name: ${name}}\n`).join("")}`;
  const keys: string[] = [];
  for (const name of ["one", "two"]) {
    const id = `caller-${name}-${Date.now().toString(36)}`;
    const agent = { id, task: "Mails.", dri: admin.email, environment: "production", level: 4, manifest: manifest(id) };
    keys.push((await made("/api/v1/agents", agent)).key);
  }
  let calls = 0;
  return async () => {
    calls += 1;
    const headers = { authorization: `Bearer ${keys[calls % keys.length]}` };
    const data = { session_id: "s", run_id: `r-${calls}`, tool: TOOLS[0], args: { n: calls } };
    const answer = await (await request.post("/api/v1/decisions", { headers, data })).json();
    if (answer.verdict === "allow")
      await request.post(`/api/v1/decisions/${answer.decision_id}/outcome`, { headers, data: { outcome: "error" } });
    return answer;
  };
}

test("a system that fails is held back, its page says why and until when, and an operator lets it through", async ({
  page,
  request,
}) => {
  const call = await givenAgents(request);
  for (let n = 0; n < FAILURES; n += 1) expect((await call())["verdict"]).toBe("allow");
  expect(await call()).toMatchObject({
    verdict: "deny",
    reasons: [{ code: "dependency_breaker", retry_after_seconds: expect.any(Number) }],
  });
  const email = `operator-${NAME}@example.com`.replace(".example@", "@");
  const operator = await member(request, { email, name: "Olu Operator", roles: ["operator", "policy_admin"] });
  await signInAs(page, operator);

  await page.goto(`/tools/edit?name=${TOOLS[1]}`);
  await page.getByLabel("Depends on (optional)").fill(NAME.toUpperCase());
  await page.getByRole("button", { name: "Change definition" }).click();
  await expect(page.getByText(`${TOOLS[1]} is saved, with the definition it had`)).toBeVisible();

  await page.goto("/signals");
  await page.getByRole("navigation", { name: "Signals" }).getByRole("link", { name: "Dependencies" }).click();
  const row = page.getByRole("row", { name: new RegExp(`^${NAME.replaceAll(".", "\\.")}`) });
  await expect(row).toContainText("Refused until");
  await expect(row).toContainText("10, 2 agents");
  for (const tool of TOOLS) await expect(row.getByRole("link", { name: tool })).toBeVisible();
  const { violations } = await axeOn(page).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" ")}`)).toEqual([]);

  await row.getByRole("link", { name: `1 refused because of ${NAME}` }).click();
  await expect(page).toHaveURL(/dependency=mail-/);
  await expect(page.getByRole("table").getByText(TOOLS[0])).toHaveCount(1);
  await page.goBack();

  await row.getByRole("button", { name: `Reset ${NAME}` }).press("Enter");
  const dialog = page.getByRole("dialog", { name: `Let calls to ${NAME} through` });
  await dialog.getByLabel("Reason").fill("Their status page is green.");
  await dialog.getByRole("button", { name: "Reset" }).press("Enter");
  await expect(row).toContainText("Go through");
  expect((await call())["verdict"]).toBe("allow");

  await page.setViewportSize({ width: 390, height: 844 });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider).toBe(0);
});
