import { expect, test } from "vitest";

import { MOST_VIEWS, SaveViewInput } from "@/lib/core/figures/views";
import { workspaceDb } from "@/lib/data/db";
import { refusal } from "@/lib/testing/refusal";
import { givenTenant } from "@/lib/testing/tenant";

import { changeView } from "./change-view";
import { listViews } from "./list-views";
import { removeView } from "./remove-view";
import { saveView } from "./save-view";

const view = (name: string, change: object = {}) =>
  SaveViewInput.parse({ name, query: { from: "now-30d", to: "now", by: "model", agent: "triage" }, ...change });

test("a view is its person's, the workspace's once it is shared, and nobody else's to change", async () => {
  const [tenant, other] = [await givenTenant(), await givenTenant()];
  const [mara, noor, admin] = [
    await tenant.person("viewer"),
    await tenant.person("operator"),
    await tenant.person("admin"),
  ];
  const { id } = await saveView(mara, view("November"));
  expect(await listViews(mara)).toMatchObject([
    { id, name: "November", own: true, shared: false, query: { from: "now-30d", by: "model" } },
  ]);
  expect(await listViews(noor)).toEqual([]);
  expect(await refusal(removeView(admin, { id }))).toBe("not_found");

  await changeView(mara, { id, shared: true });
  expect(await listViews(noor)).toMatchObject([{ id, own: false, shared: true }]);
  expect(await listViews(await other.person("admin"))).toEqual([]);
  for (const person of [noor, admin, await other.person("admin")]) {
    expect(await refusal(changeView(person, { id, name: "Mine" }))).toBe("not_found");
  }
  expect(await refusal(removeView(noor, { id }))).toBe("not_found");
  expect(await refusal(removeView(await other.person("admin"), { id }))).toBe("not_found");

  // The same name again replaces it; another's name is their own.
  expect(await saveView(mara, view("November", { query: { by: "tool" } }))).toEqual({ id });
  await saveView(noor, view("November"));
  const second = await saveView(mara, view("December"));
  expect(await refusal(changeView(mara, { id: second.id, name: "November" }))).toBe("view_name_taken");
  await changeView(mara, { id: second.id, name: "Winter" });
  expect((await listViews(mara)).map(({ name, query }) => [name, query.by])).toEqual([
    ["November", "tool"],
    ["Winter", "model"],
  ]);

  await saveView(mara, view("November", { shared: true }));
  await removeView(admin, { id });
  await removeView(mara, { id: second.id });
  expect(await listViews(mara)).toEqual([]);

  const { workspaceId } = tenant;
  const rows = await workspaceDb(workspaceId).ledgerEntry.findMany({
    where: { workspaceId, kind: { startsWith: "view." } },
    orderBy: { id: "asc" },
  });
  const said = rows.map(({ body }) => JSON.parse(body) as { kind: string; details: Record<string, unknown> });
  expect(said.map(({ kind }) => kind)).toEqual([
    "view.save",
    "view.change",
    "view.save",
    "view.save",
    "view.save",
    "view.change",
    "view.save",
    "view.remove",
    "view.remove",
  ]);
  // What is private is in the ledger by its id alone.
  expect(said[0]?.details).toEqual({ view: id, shared: false });
  expect(said[1]?.details).toEqual({ view: id, shared: true, name: "November" });
});

test.each(["x", "", "018f0000-0000-7000-8000-00000000000g", "\0"])("no view has the id %j", async (id) => {
  const person = await (await givenTenant()).person("admin");
  expect(await refusal(changeView(person, { id, shared: true }))).toBe("not_found");
  expect(await refusal(removeView(person, { id }))).toBe("not_found");
});

test("a person has at most fifty views, also when two are saved at once", async () => {
  const tenant = await givenTenant();
  const person = await tenant.person("viewer");
  for (let at = 1; at < MOST_VIEWS; at += 1) await saveView(person, view(`View ${at}`));
  const both = await Promise.all(
    ["one", "other"].map((name) => saveView(person, view(name)).catch(({ reason }) => reason)),
  );
  expect(both.filter((answer) => answer === "too_many_views")).toHaveLength(1);
  expect(await listViews(person)).toHaveLength(MOST_VIEWS);
});
