import type { History } from "./history";

/**
 * Ends a stop, with as many of these people as it takes.
 *
 * @returns the last status: 200 when it is ended
 */
export async function resumeStopAs(
  history: History,
  url: string,
  stopId: string,
  people: readonly string[],
): Promise<number> {
  let status = 0;
  for (const token of people) {
    ({ status } = await history.ask(url, `/api/v1/stops/${stopId}`, token, undefined, { method: "DELETE" }));
    if (status !== 202) break;
  }
  return status;
}
