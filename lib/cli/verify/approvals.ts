import type { Findings } from "@/lib/core/ledger/finding";
import { judgePeople } from "@/lib/core/people/attested";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

/** What the log says about one request for people. */
type Request = {
  readonly votes: {
    readonly member: string;
    readonly verdict: string;
    readonly digest: string;
    readonly index: number;
    /** What it says of the person it came from and of those before; absent from older entries. */
    readonly people: Json | undefined;
  }[];
  readonly settled: {
    readonly state: string;
    readonly quorum: number;
    readonly digest: string;
    readonly index: number;
    /** Until when it could be taken back. */
    readonly usableAt: number;
  }[];
  readonly ended: { readonly why: string; readonly index: number }[];
  readonly uses: { readonly digest: string; readonly at: string; readonly index: number }[];
  /** When it was first asked for, and on what terms if that could be judged again. */
  asked: { readonly digest: string; readonly at: string; readonly index: number } | null;
  terms: { readonly quorum: number; readonly timeoutSeconds: number } | null;
  /** By how much people extended its time. */
  extraSeconds: number;
};

/** Collects what the log says about approvals and holds every use of one against it. */
export type Approvals = {
  /** An entry of kind `approval.*`. */
  note(kind: string, body: JsonObject, index: number): void;
  asked(id: string, request: { readonly digest: string; readonly at: string; readonly index: number }): void;
  terms(id: string, index: number, terms: { readonly quorum: number; readonly timeoutSeconds: number }): void;
  used(id: string, use: { readonly digest: string; readonly at: string; readonly index: number }): void;
  finish(findings: Findings): void;
};

/** What ends a request, by whatever has become of it before. */
const ENDS: ReadonlySet<string> = new Set(["approval.expire", "approval.withdraw", "approval.supersede"]);

export function createApprovals(): Approvals {
  const requests = new Map<string, Request>();
  const of = (id: string): Request => {
    const known = requests.get(id) ?? {
      votes: [],
      settled: [],
      ended: [],
      uses: [],
      asked: null,
      terms: null,
      extraSeconds: 0,
    };
    requests.set(id, known);
    return known;
  };

  return {
    note(kind, body, index) {
      const details = objectOf(body["details"]);
      const request = of(String(details["approval_id"]));
      const digest = String(details["action"] ?? details["action_digest"]);
      if (kind === "approval.vote") {
        const member = String(objectOf(body["actor"])["id"]);
        request.votes.push({ member, verdict: String(details["verdict"]), digest, index, people: details["people"] });
      } else if (kind === "approval.settle") {
        const usableAt = Date.parse(String(body["at"])) + wholeOf(details["undo_seconds"]) * 1_000;
        const [state, quorum] = [String(details["state"]), Number(details["quorum"])];
        request.settled.push({ state, quorum, digest, index, usableAt });
      } else if (kind === "approval.undo") {
        takeBack(request, String(objectOf(body["actor"])["id"]));
      } else if (kind === "approval.extend") {
        request.extraSeconds += wholeOf(details["minutes"]) * 60;
      } else if (ENDS.has(kind)) {
        request.ended.push({ why: kind, index });
      }
    },
    asked(id, asked) {
      const request = of(id);
      // The same waiting request may be answered to several calls; the first opened it.
      if (request.asked === null || asked.at < request.asked.at) request.asked = asked;
    },
    terms(id, index, terms) {
      const request = of(id);
      if (request.asked?.index === index) request.terms = terms;
    },
    used: (id, use) => void of(id).uses.push(use),
    finish(findings) {
      for (const [id, request] of requests) for (const use of request.uses) judgeUse(id, request, use, findings);
    },
  };
}

/** What was taken back counts for nothing afterwards: the person's vote, and the approval it had brought about. */
function takeBack({ votes, settled }: Request, member: string): void {
  const vote = votes.findLastIndex((one) => one.member === member && one.verdict === "approve");
  if (vote >= 0) votes.splice(vote, 1);
  const approved = settled.findLastIndex(({ state }) => state === "approved");
  if (approved >= 0) settled.splice(approved, 1);
}

function judgeUse(id: string, request: Request, use: Request["uses"][number], findings: Findings): void {
  const wrong = (code: string, message: string) =>
    findings.add("tampered", code, use.index, `Approval ${id}: ${message}`);
  const { votes, settled, asked, terms, extraSeconds } = request;
  if (request.uses.find((other) => other.digest !== "" && other !== use && other.index < use.index))
    wrong("used_twice", "it was used by an earlier decision already.");
  const approved = settled.find(({ state }) => state === "approved");
  if (!approved) return wrong("not_approved", "no entry says that it was approved.");
  const against = votes.find(({ verdict }) => verdict !== "approve");
  if (against) wrong("denied", `entry ${against.index} is a vote against it.`);
  const people = new Set(votes.map(({ member }) => member));
  const quorum = Math.max(1, approved.quorum, terms?.quorum ?? 1);
  if (people.size < quorum) wrong("no_quorum", `${people.size} people approved; ${quorum} must.`);
  if (people.size < votes.length) wrong("voted_twice", "a person's vote is there twice.");
  if (quorum > 1 && !against) judgeVoters(id, votes, findings);
  for (const other of [...votes, approved, ...(asked ? [asked] : [])]) {
    if (other.digest !== use.digest) wrong("other_action", `entry ${other.index} is about another action.`);
  }
  const [ended] = request.ended;
  if (ended) wrong("ended", `entry ${ended.index} (${ended.why}) says that it was over.`);
  if (Date.parse(use.at) < approved.usableAt) wrong("undoable", `it was used ${use.at}, while it could be taken back.`);
  const seconds = (terms?.timeoutSeconds ?? Number.POSITIVE_INFINITY) + extraSeconds;
  if (asked && Date.parse(use.at) > Date.parse(asked.at) + seconds * 1_000)
    wrong("expired", `it was used ${use.at}, more than ${seconds} s after it was asked for.`);
}

/** Whether those who approved were different people, by what each vote's entry says it was judged on. */
function judgeVoters(id: string, votes: Request["votes"], findings: Findings): void {
  for (const [at, { member, index, people }] of votes.entries()) {
    const judged = judgePeople(
      people,
      member,
      votes.slice(0, at).map((one) => one.member),
    );
    const say = (severity: "tampered" | "incomplete", code: string, message: string) =>
      findings.add(severity, code, index, `Approval ${id}: ${message}`);
    if (judged.kind === "dependent")
      say("tampered", "not_independent", `${member} is no other person than those who approved before.`);
    else if (judged.kind === "missing")
      say("tampered", "people_missing", `the vote was not judged beside ${judged.account}.`);
    else if (judged.kind === "unproven")
      say("incomplete", "unproven_people", `the entry does not say what makes ${member} another person.`);
  }
}

const wholeOf = (value: Json | undefined): number =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;

const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
