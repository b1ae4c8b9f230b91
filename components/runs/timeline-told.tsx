import type { ReactNode } from "react";

import { ClippedText } from "@/components/approvals/clipped-text";
import { BandMark } from "@/components/ui/band-mark";
import { Link } from "@/components/ui/link";
import { MessageText } from "@/components/ui/message-text";
import { Mono } from "@/components/ui/mono";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import { clip } from "@/lib/core/approvals/part";
import type { StoryTold } from "@/lib/core/runs/story";
import { ageText, MOST_NAME } from "@/lib/core/runs/words";
import { paths } from "@/lib/core/shared/paths";

import { FeedbackTold } from "./feedback-told";
import { Line, Name } from "./timeline-line";

/** What a kind of row is called. */
export const KIND_WORDS: Record<StoryTold["kind"], string> = {
  agent: "Agent",
  context: "Context",
  model: "Model",
  retrieval: "Retrieval",
  decision: "Decision",
  review: "Review",
  outcome: "Outcome",
  unreported: "Outcome",
  tool: "Tool",
  feedback: "Feedback",
  gap: "Gap",
  end: "End",
};

/** What a row says, in one line with a quieter second one. */
export function TimelineTold({ told }: { told: StoryTold }): ReactNode {
  switch (told.kind) {
    case "decision":
      return <DecisionTold told={told} />;
    case "review":
      return <ReviewTold told={told} />;
    case "outcome":
      return (
        <Line quiet={told.claimed === told.outcome ? "" : `the agent said ${told.claimed.replaceAll("_", " ")}`}>
          <Name text={told.tool} /> {told.outcome.replaceAll("_", " ")}
          {told.differs.map((sentence) => (
            <span key={sentence} className="block text-del">
              <VisibleText text={sentence} />
            </span>
          ))}
        </Line>
      );
    case "unreported":
      return (
        <Line quiet="no outcome was reported">
          <Name text={told.tool} />
        </Line>
      );
    case "feedback":
      return <FeedbackTold told={told} />;
    case "end":
      return (
        <Line quiet="">
          <VisibleText text={told.reason} />
        </Line>
      );
    default:
      return <TelemetryTold told={told} />;
  }
}

type Telemetry = Extract<StoryTold, { kind: "agent" | "context" | "model" | "retrieval" | "tool" | "gap" }>;

/** What the agent's own words and telemetry say. */
function TelemetryTold({ told }: { told: Telemetry }): ReactNode {
  switch (told.kind) {
    case "agent":
      return (
        <Line quiet={told.what}>
          <ClippedText value={clip(told.name, MOST_NAME)} />
        </Line>
      );
    case "context":
      return (
        <Line
          quiet={told.sources.map(({ source, age_seconds: age }, index) => (
            <span key={source}>
              {index > 0 && " · "}
              <VisibleText text={source} /> {age === null ? "of unknown age" : `${ageText(age)} old`}
            </span>
          ))}
        >
          {told.sources.length === 1 ? "1 source declared" : `${told.sources.length} sources declared`}
        </Line>
      );
    case "model":
      return (
        <Line quiet={usageText(told)}>
          <Name text={told.model ?? "unnamed model"} />
        </Line>
      );
    case "retrieval":
      return (
        <Line quiet={<VisibleText text={told.documents.slice(0, 8).join(" · ")} />}>
          <Name text={told.index ?? "unnamed index"} />{" "}
          {told.documents.length === 1 ? "1 document" : `${told.documents.length} documents`}
        </Line>
      );
    case "tool":
      return (
        <Line quiet={<VisibleText text={told.args} />}>
          <Name text={told.tool} />{" "}
          {told.differsFrom === null ? (
            told.governed === "ungoverned" ? (
              "in the telemetry, never decided"
            ) : (
              "in the telemetry"
            )
          ) : (
            <>
              ran with other arguments than{" "}
              <Link href={paths.decision(told.differsFrom)} className="link">
                allowed
              </Link>
            </>
          )}
        </Line>
      );
    case "gap":
      return (
        <Line quiet={`they name ${told.parent}`}>
          {told.events === 1 ? "1 event hangs" : `${told.events} events hang`} on a span that never arrived
        </Line>
      );
  }
}

function ReviewTold({ told }: { told: Extract<StoryTold, { kind: "review" }> }) {
  return (
    <Line
      quiet={told.votes.map(({ name, verdict, note }, index) => (
        <span key={index}>
          {index > 0 && " · "}
          <VisibleText text={`${name}: ${verdict}${note === "" ? "" : `, “${note}”`}`} />
        </span>
      ))}
    >
      <Link href={paths.approval(told.approval)} className="link">
        {told.state === "waiting" ? "Waits for a person" : "Asked a person"}
      </Link>
    </Line>
  );
}

/** The mark at the right of a row's words: verdict, state, or what is missing. */
export function TimelineMark({ told }: { told: StoryTold }) {
  if (told.kind === "decision") return <VerdictMark verdict={told.verdict} />;
  if (told.kind === "review") return <VerdictMark verdict={told.state} />;
  if (told.kind === "tool" && told.governed === "ungoverned")
    return (
      <span className="font-medium text-del">{told.differsFrom === null ? "No decision" : "Other arguments"}</span>
    );
  if (told.kind === "feedback") return <span className="text-none">Claim</span>;
  if (told.kind === "outcome" && told.differs.length > 0)
    return <span className="font-medium text-del">Effect differs</span>;
  if (told.kind === "gap") return <span className="text-none">Missing</span>;
  if (told.kind === "unreported") return <span className="text-none">Not reported</span>;
  return null;
}

function DecisionTold({ told }: { told: Extract<StoryTold, { kind: "decision" }> }) {
  return (
    <Line
      quiet={
        <>
          {told.rule !== null && (
            <>
              settled by{" "}
              <Mono>
                <VisibleText text={told.rule} />
              </Mono>
            </>
          )}
          {told.reason !== null && (
            <>
              {" · "}
              <MessageText text={told.reason} />
            </>
          )}
          {told.band !== "low" && (
            <>
              {" · "}
              <BandMark band={told.band} score={told.score} quiet />
            </>
          )}
          {told.ran && " · ran"}
          {told.ranOtherwise !== null && (
            <>
              {" · "}
              <a href={`#${told.ranOtherwise}`} className="link text-del">
                ran with other arguments than allowed
              </a>
            </>
          )}
        </>
      }
    >
      <Link href={paths.decision(told.decision)} className="link font-mono">
        <VisibleText text={told.tool} />
      </Link>{" "}
      <span className="font-mono text-xs text-muted [overflow-wrap:anywhere]">
        <VisibleText text={told.args} />
      </span>
    </Line>
  );
}

function usageText({ input, output, cached }: Extract<StoryTold, { kind: "model" }>): string {
  if (input === null && output === null) return "no usage reported";
  const share = cached === null ? "" : `, ${Math.round(100 * cached)} % cached`;
  const count = (tokens: number | null) => (tokens === null ? "?" : tokens.toLocaleString("en-US"));
  return `${count(input)} in${share} · ${count(output)} out`;
}
