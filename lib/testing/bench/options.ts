import { parseArgs } from "node:util";

import { type Part, PARTS } from "./requirements";

/** What the person at the terminal asked for. */
export type Options = {
  readonly parts: readonly Part[];
  /** Length of one measured window. The open loop runs twelve times as long. */
  readonly seconds: number;
  /** How often each target is measured, in turn. */
  readonly rounds: number;
  /** Calls that each server answers before it is measured. */
  readonly warm: number;
  /** Past decisions to load before measuring again. */
  readonly size: number;
  readonly quick: boolean;
  /** Where to write the figures as JSON; null when nobody asked. */
  readonly json: string | null;
  /** The folder of the other engines; empty when they could not be installed. */
  readonly peers: string;
};

/** Reads the flags. @throws with a sentence for the person at the terminal */
export function readOptions(args: readonly string[]): Options {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: text,
      seconds: text,
      rounds: text,
      warm: text,
      size: text,
      json: text,
      peers: text,
      quick: { type: "boolean" },
    },
  });
  const quick = values.quick ?? false;
  const size = number("size", values.size, 0, 0);
  return {
    parts: partsOf(values.only, size),
    seconds: number("seconds", values.seconds, quick ? 1 : 5, 0.2),
    rounds: Math.round(number("rounds", values.rounds, 3, 1)),
    warm: number("warm", values.warm, quick ? 2_000 : 20_000, 0),
    size: size === 0 && values.only?.split(",").includes("past") ? 100_000 : size,
    quick,
    json: values.json ?? null,
    peers: values.peers ?? "",
  };
}

function partsOf(only: string | undefined, size: number): readonly Part[] {
  if (only === undefined) return PARTS.filter((part) => part !== "past" || size > 0);
  const asked = only.split(",");
  const unknown = asked.filter((name) => !PARTS.some((part) => part === name));
  if (unknown.length > 0) throw new Error(`There is no part "${unknown[0]}". The parts are ${PARTS.join(", ")}.`);
  return PARTS.filter((part) => asked.includes(part));
}

function number(name: string, text: string | undefined, initial: number, least: number): number {
  if (text === undefined) return initial;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < least)
    throw new Error(`--${name} must be a number of at least ${least}, not "${text}".`);
  return value;
}
