import type { ShownObjective } from "./shown";
import { sayObjective } from "./words";

/** The objectives as the rows of a file, its head first. */
export function objectiveCells(
  objectives: readonly ShownObjective[],
): readonly (readonly (string | number | null)[])[] {
  const head = [
    "agent",
    "measure",
    "objective",
    "state",
    "good",
    "of",
    "95 % low",
    "95 % high",
    "may be bad",
    "bad",
    "error budget left",
    "burn 6 h",
    "burn 1 day",
    "burn 3 days",
  ];
  return [
    head,
    ...objectives.map(({ agent, measure, stand, burns, ...rest }) => [
      agent,
      measure,
      sayObjective({ measure, ...rest }),
      stand.state,
      stand.attained.hits,
      stand.attained.n,
      rounded(stand.attained.low),
      rounded(stand.attained.high),
      rounded(stand.budget),
      stand.bad,
      rounded(stand.left),
      ...burns.map(({ rate }) => rounded(rate)),
    ]),
  ];
}

const DECIMALS = 4;
const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(DECIMALS)));
