import type { Claim, NameValue } from "./count-spend";
import { OTHER_VALUES } from "./measures";

/** How many values of one dimension an agent has on a UTC day before further ones are counted together. */
export const MOST_VALUES = 500;

const groupOf = ({ day, agentId, dimension }: Claim): string => `${dimension}\0${day}\0${agentId}`;
const nameOf = (claim: Claim): string => `${groupOf(claim)}\0${claim.value}`;

/** Claims without repetitions. */
export const distinctClaims = (claims: readonly Claim[]): readonly Claim[] => [
  ...new Map(claims.map((claim) => [nameOf(claim), claim])).values(),
];

/** Of each group that some of these claims are in, one claim. */
export const distinctGroups = (claims: readonly Claim[]): readonly Claim[] => [
  ...new Map(claims.map((claim) => [groupOf(claim), claim])).values(),
];

/**
 * Says which values get rows of their own: those that have them, and new ones until there are enough.
 *
 * @param fresh claims whose values have no row on their day yet, each once, in the order they are let in
 * @param counted a claim of each of their groups, with how many values it has
 */
export function limitValues(
  fresh: readonly Claim[],
  counted: readonly { readonly claim: Claim; readonly values: number }[],
): NameValue {
  const left = new Map(counted.map(({ claim, values }) => [groupOf(claim), MOST_VALUES - values]));
  const beyond = new Set<string>();
  for (const claim of fresh) {
    const room = left.get(groupOf(claim)) ?? MOST_VALUES;
    if (room > 0) left.set(groupOf(claim), room - 1);
    else beyond.add(nameOf(claim));
  }
  return (claim) => (beyond.has(nameOf(claim)) ? OTHER_VALUES : claim.value);
}
