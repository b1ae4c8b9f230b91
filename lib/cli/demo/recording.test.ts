import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { isMutation } from "./airline";
import { callsOf, Recording } from "./recording";

const call = (id: string, name: string, args: string) => ({ id, function: { name, arguments: args } });

const small = Recording.parse([
  {
    task_id: 1,
    trial: 0,
    traj: [
      { role: "user", content: "Cancel R1, please." },
      {
        role: "assistant",
        content: null,
        tool_calls: [call("a", "get_reservation_details", '{"reservation_id":"R1"}')],
      },
      { role: "tool", tool_call_id: "a", content: '{"reservation_id":"R1","cabin":"economy"}' },
      { role: "assistant", content: null, tool_calls: [call("a", "cancel_reservation", '{"reservation_id":"R1"}')] },
      { role: "assistant", content: null, tool_calls: [call("b", "think", "no json")] },
    ],
  },
]);

const REAL = "../shared/data/tau-airline-dev.json.gz";

describe("callsOf", () => {
  test("keeps the order, numbers repeated ids apart and remembers what was read of the thing that is changed", () => {
    const [calls = []] = callsOf(small);
    expect(calls.map(({ tool, position }) => [position, tool])).toEqual([
      [1, "get_reservation_details"],
      [2, "cancel_reservation"],
      [3, "think"],
    ]);
    expect(calls[1]?.before).toEqual({ reservation_id: "R1", cabin: "economy" });
    expect(calls[2]?.args).toBe("no json");
  });

  test("gives two recordings of one number different sessions", () => {
    const [first] = callsOf(small);
    const [second] = callsOf([{ task_id: 1, trial: 0, traj: [...(small[0]?.traj.slice(1) ?? [])] }]);
    expect(first?.[0]?.session).not.toBe(second?.[0]?.session);
  });

  test.skipIf(!existsSync(REAL))("reads every call of the recorded airline sessions", () => {
    const sessions = callsOf(Recording.parse(JSON.parse(gunzipSync(readFileSync(REAL)).toString("utf8"))));
    expect(sessions).toHaveLength(48);
    expect(sessions.flat()).toHaveLength(343);
    expect(sessions.flat().filter(({ tool }) => isMutation(tool))).toHaveLength(86);
  });
});
