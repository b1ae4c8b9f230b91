import http from "node:http";

/** Latencies of answered requests in milliseconds, and how many answers were not what was asked for. */
export type Measured = { readonly latencies: readonly number[]; readonly wrong: number; readonly seconds: number };

type Target = { readonly url: string; readonly key: string };
type Check = (status: number, text: string) => boolean;

const agents = new Map<string, http.Agent>();

function agentOf(url: string): http.Agent {
  const agent = agents.get(url) ?? new http.Agent({ keepAlive: true, maxSockets: 512 });
  agents.set(url, agent);
  return agent;
}

/** One request on a kept connection. */
export function post({ url, key }: Target, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      new URL("/api/v1/decisions", url),
      {
        method: "POST",
        agent: agentOf(url),
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => (text += piece));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** Closed loop: `inFlight` clients, each sending its next call when the last is answered. */
export async function closedLoop(
  targets: readonly Target[],
  call: (index: number) => string,
  inFlight: number,
  seconds: number,
  check: Check,
): Promise<Measured> {
  const latencies: number[] = [];
  let wrong = 0;
  let index = 0;
  const started = performance.now();
  const end = started + seconds * 1_000;
  const client = async (target: Target) => {
    while (performance.now() < end) {
      const at = performance.now();
      const { status, text } = await post(target, call((index += 1)));
      latencies.push(performance.now() - at);
      if (!check(status, text)) wrong += 1;
    }
  };
  await Promise.all(
    Array.from({ length: inFlight }, (_, each) => client(targets[each % targets.length] ?? { url: "", key: "" })),
  );
  return { latencies, wrong, seconds: (performance.now() - started) / 1_000 };
}

/** Open loop: calls leave by the clock whatever the answers do, and latency counts from the scheduled start. */
export async function openLoop(
  target: Target,
  call: (index: number) => string,
  perSecond: number,
  seconds: number,
  check: Check,
): Promise<Measured & { readonly overruns: number }> {
  const latencies: number[] = [];
  let wrong = 0;
  let overruns = 0;
  const pending: Promise<void>[] = [];
  const started = performance.now();
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const due = started + (index * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0.5) await new Promise((resolve) => setTimeout(resolve, wait));
    pending.push(
      post(target, call(index)).then(
        ({ status, text }) => {
          const latency = performance.now() - due;
          latencies.push(latency);
          if (latency > 1_500) overruns += 1;
          if (!check(status, text)) wrong += 1;
        },
        () => {
          wrong += 1;
        },
      ),
    );
  }
  await Promise.all(pending);
  return { latencies, wrong, overruns, seconds: (performance.now() - started) / 1_000 };
}

/** The value below which `share` of the sorted numbers lie. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
