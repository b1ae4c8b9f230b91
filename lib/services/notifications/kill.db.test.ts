import { spawn } from "node:child_process";

import { expect, test } from "vitest";

import { AddDestinationInput } from "@/lib/core/notifications/schema";
import { transact } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";
import { env } from "@/lib/platform/env";
import { givenApproval } from "@/lib/testing/approval";
import { startReceiver, worldOf } from "@/lib/testing/receivers";
import { givenTenant } from "@/lib/testing/tenant";

import { addDestination } from "./add-destination";
import { listDestinations } from "./list-destinations";
import { queueDeliveries } from "./queue-deliveries";

const ROUNDS = 10;

test("R21: a worker killed ten times loses no message, and a repeated one keeps its id", {
  timeout: 300_000,
}, async () => {
  const tenant = await givenTenant();
  const [admin, dri] = [await tenant.person("admin"), await tenant.person("viewer")];
  await queueDeliveries(tenant.system, worldOf());
  // Slow enough that some are on their way whenever the worker dies.
  let [arrived, fatal] = [0, 0];
  let worker: ReturnType<typeof start> | null = null;
  const receiver = await startReceiver((_request, response) => {
    setTimeout(() => response.writeHead(204).end(), 15);
    // Killed at a message, so that the moment is one between taking, sending and taking down.
    arrived += 1;
    if (arrived >= fatal) worker?.kill("SIGKILL");
  });
  const input = { kind: "webhook", name: "Hook", address: receiver.url, events: ["approval.waiting"] };
  await addDestination(admin, AddDestinationInput.parse(input), worldOf());

  function start(round: number) {
    const args = ["--conditions", "react-server", "--import", "tsx", "lib/testing/deliver-loop.ts"];
    return spawn(process.execPath, [...args, tenant.workspaceId, String(round * 61_000)], {
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        PATH: "/usr/bin:/bin",
        NODE_ENV: "test",
        DATABASE_URL: env.DATABASE_URL,
        NEXTAUTH_SECRET: env.NEXTAUTH_SECRET,
        LOG_LEVEL: "fatal",
      },
    });
  }

  const asked: string[] = [];
  let killed = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (let n = 0; n < 8; n += 1) {
      const { id } = await givenApproval(tenant, { dri });
      await transact(tenant.system.db, (tx) =>
        insertOutboxEvent(tx, tenant.workspaceId, { topic: "approval.waiting", payload: { approval_id: id } }),
      );
      asked.push(`approval:${id}`);
    }
    arrived = 0;
    fatal = 1 + (round % 5); // another point each time
    worker = start(round);
    const ended = new Promise((resolve) => worker?.once("exit", resolve));
    const last = round === ROUNDS;
    if (last) {
      const keep = worker;
      worker = null; // the last one lives until all is told
      for (let n = 0; n < 1_000 && new Set(subjects()).size < asked.length; n += 1) await sleep(50);
      await sleep(300);
      keep.kill("SIGKILL");
    } else {
      await Promise.race([ended, sleep(20_000)]);
      worker.kill("SIGKILL");
      killed += 1;
    }
    await ended;
  }

  function subjects(): string[] {
    return receiver.received.map(({ body }) => JSON.parse(body).data.subject);
  }
  expect(killed).toBe(ROUNDS);
  expect(new Set(subjects())).toEqual(new Set(asked));
  const idOf = new Map<string, Set<string>>();
  for (const { body, headers } of receiver.received) {
    const { subject } = JSON.parse(body).data;
    idOf.set(subject, (idOf.get(subject) ?? new Set()).add(headers["webhook-id"] ?? ""));
  }
  expect([...idOf.values()].every((ids) => ids.size === 1)).toBe(true);
  const { deliveries } = await listDestinations(admin);
  expect(deliveries.every(({ state }) => state === "delivered")).toBe(true);
  await receiver.stop();
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
