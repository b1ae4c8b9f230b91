import { Alert } from "@/components/ui/alert";
import { Mono } from "@/components/ui/mono";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { ApprovalDetail } from "@/lib/core/approvals/desk";
import type { EffectView } from "@/lib/core/approvals/effect";
import { counted, type Part } from "@/lib/core/approvals/part";
import type { FormAction } from "@/lib/core/shared/action-state";
import type { HostReason } from "@/lib/core/shared/visible-text";

import { ArgumentTable } from "./argument-table";
import { CommandText } from "./command-text";
import { PartFrame } from "./part-frame";
import { PathTable } from "./path-table";
import { RowsTable } from "./rows-table";
import { TextDiff } from "./text-diff";

/** What the call would do: what does not fit the request first, then every part, the bound arguments always among them. */
export function Effect({ detail, download }: { detail: ApprovalDetail; download: FormAction<string> }) {
  const { view, approval, display } = detail;
  return (
    <section aria-labelledby="effect" className="grid min-w-0 gap-3 py-4">
      <div>
        <h2 id="effect" className="text-base">
          Effect
        </h2>
        <p className="text-xs text-muted">
          {view.dryRun
            ? "Dry run sent by the agent"
            : "The agent sent no dry run: there are only the arguments to judge by"}
          {view.dryRunAt !== null && (
            <>
              {" "}
              · made <Time at={view.dryRunAt} />
            </>
          )}
          {typeof display.effect?.["resource"] === "string" && (
            <>
              {" "}
              · says it is about{" "}
              <Mono>
                <VisibleText text={display.effect["resource"]} />
              </Mono>
            </>
          )}
        </p>
      </div>
      <Warnings view={view} />
      {view.parts.map((part) => (
        <PartFrame
          key={part.id}
          id={part.id}
          title={part.title}
          summary={part.summary}
          uninspectable={part.uninspectable}
          approvalId={approval.id}
          download={download}
        >
          <PartBodyView part={part} />
        </PartFrame>
      ))}
    </section>
  );
}

/** What one part shows, whatever stands around it. */
export function PartBodyView({ part: { title, body } }: { part: Part }) {
  if (body.kind === "rows") return <RowsTable label={title} columns={body.columns} rows={body.rows} />;
  if (body.kind === "lines")
    return body.lines.length === 0 ? (
      <p className="text-muted">No change.</p>
    ) : (
      <TextDiff label={title} lines={body.lines} />
    );
  if (body.kind === "paths")
    return body.items.length === 0 ? (
      <p className="text-muted">No change.</p>
    ) : (
      <PathTable label={title} items={body.items} />
    );
  if (body.kind === "command") return <CommandText label={title} segments={body.segments} facts={body.facts} />;
  return <ArgumentTable label={title} items={body.items} />;
}

const HOST_WORDS: Record<HostReason, string> = {
  mixed_scripts: "mixes alphabets",
  non_ascii: "has characters outside ASCII",
  punycode: "is written in punycode",
  look_alike_case: "has a capital that looks like another letter",
};

function Warnings({ view }: { view: EffectView }) {
  const { mismatch, idsNotListed, hiddenCharacters, hosts } = view;
  return (
    <>
      {mismatch !== null && (
        <Alert tone="warn" title={mismatchTitle(mismatch)}>
          {mismatch.description !== null && (
            <p>
              The agent says it was asked for{" "}
              <Mono>
                <VisibleText text={mismatch.description} />
              </Mono>
              {mismatch.asked !== null && `: ${counted(mismatch.asked, "row")}`}.
            </p>
          )}
          {mismatch.missing > 0 && (
            <p>{counted(mismatch.missing, "row")} of the stated request would not be touched.</p>
          )}
        </Alert>
      )}
      {idsNotListed > 0 && (
        <Alert
          tone="warn"
          title={`${counted(idsNotListed, "id")} in the arguments ${idsNotListed === 1 ? "is" : "are"} not in the dry run.`}
        >
          <p>The arguments are what will be used.</p>
        </Alert>
      )}
      {hiddenCharacters > 0 && (
        <Alert tone="warn" title={`Hidden characters: ${hiddenCharacters}`}>
          <p>They stand as U+XXXX where they are. Text may mean something else than it seems to.</p>
        </Alert>
      )}
      {hosts.length > 0 && (
        <Alert
          tone="warn"
          title={hosts.length === 1 ? "A host may not be what it reads as" : "Some hosts may not be what they read as"}
        >
          <ul>
            {hosts.map((host) => (
              <li key={host.host} className="[overflow-wrap:anywhere]">
                <Mono>
                  <VisibleText text={host.host} />
                </Mono>{" "}
                is looked up as <Mono>{host.ascii}</Mono>: {host.reasons.map((reason) => HOST_WORDS[reason]).join(", ")}
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </>
  );
}

function mismatchTitle(mismatch: NonNullable<EffectView["mismatch"]>): string {
  if (mismatch.outside !== null && mismatch.outside > 0) {
    return `${mismatch.outside.toLocaleString("en-US")} of ${counted(mismatch.touched, "row")} ${mismatch.outside === 1 ? "is" : "are"} not in the stated request.`;
  }
  if (mismatch.asked !== null && mismatch.asked !== mismatch.touched) {
    return `The call touches ${counted(mismatch.touched, "row")}; the stated request speaks of ${mismatch.asked.toLocaleString("en-US")}.`;
  }
  return "The call does not touch all that the stated request names.";
}
