import type { Dependence, PeopleFacts, Tie } from "./independence";

/** A moment as every refusal about people writes it, whoever reads it where. */
export const momentText = (moment: Date): string => `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** How long people who are tied count as one: `72 hours`. */
export const hoursText = (hours: number): string => (hours === 1 ? "1 hour" : `${Number(hours.toFixed(3))} hours`);

/** Why two accounts do not count as two people and what ends it: the same sentences on screen, in the API and in votes. */
export function dependenceText(found: Dependence, facts: PeopleFacts): string {
  if (found.why === "same_person") return "Both accounts belong to one person.";
  if (found.why === "stands_in")
    return "One of the two stands in for the other, or both stand in for the same person, so they count as one person.";
  if (found.why === "dri_lately") {
    const name = facts.names.get(found.memberId) ?? "One of the two";
    return `${name} became or stopped being responsible for this agent less than ${hoursText(facts.coolingOffHours)} ago and cannot act for it before ${momentText(found.until)}.`;
  }
  return `${tieText(found.tie, facts)} They count as one person until ${momentText(found.until)}.${wayOut(found.tie)}`;
}

/** What one person did to another's account, as one sentence. */
export function tieText({ kind, memberId, byId }: Tie, { names, coolingOffHours }: PeopleFacts): string {
  const [member, by] = [names.get(memberId) ?? "A member", names.get(byId) ?? "a member"];
  const ago = `less than ${hoursText(coolingOffHours)} ago`;
  if (kind === "invitation") return `${member} joined on an invitation from ${by} ${ago}.`;
  if (kind === "roles") return `${by} changed the roles of ${member} ${ago}.`;
  if (kind === "credentials") return `${by} reset the authenticator app of ${member} ${ago}.`;
  return `The accounts of ${member} and ${by} belonged to one person ${ago}.`;
}

/** Only an invitation can be confirmed: it says that the person who joined is somebody else. */
const wayOut = ({ kind }: Tie): string =>
  kind === "invitation"
    ? " Another person who is independent of both can confirm the invitation on the People page."
    : "";
