import { Mono } from "@/components/ui/mono";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { ApprovalDetail } from "@/lib/core/approvals/desk";
import { baseOf } from "@/lib/core/approvals/effect-base";
import { counted } from "@/lib/core/approvals/part";
import { shortDigest } from "@/lib/core/shared/digest";
import type { JsonObject } from "@/lib/core/shared/json";

/** Where the effect comes from: how old the dry run is, what data it was made on, what exactly is bound. */
export function EffectHead({ detail }: { detail: ApprovalDetail }) {
  const { view, display, approval } = detail;
  const base = baseOf(display.effect);
  const madeAt = view.dryRunAt ?? base?.asOf ?? null;
  const subject = subjectOf(display.effect);
  return (
    <p className="text-xs break-words text-muted">
      {view.dryRun
        ? "Dry run sent by the agent"
        : "The agent sent no dry run: there are only the arguments to judge by"}
      {madeAt !== null && (
        <>
          , made <Time at={madeAt} />
        </>
      )}
      {subject !== null && (
        <>
          {" "}
          · says it is about{" "}
          <Mono>
            <VisibleText text={subject} />
          </Mono>
        </>
      )}
      {base !== null && (
        <>
          {" "}
          · made on data{" "}
          <Mono>
            <VisibleText text={isDigest(base.digest) ? shortDigest(base.digest) : base.digest} />
          </Mono>
          {base.rows !== null && `, ${counted(base.rows, "row")}`}
          {approval.baseMovedAt === null ? (
            ", which is checked again when it runs"
          ) : (
            <b className="text-ask">
              {" "}
              ▲ moved <Time at={approval.baseMovedAt} />
            </b>
          )}
        </>
      )}{" "}
      · bound <Mono>{shortDigest(approval.actionDigest)}</Mono>
    </p>
  );
}

const isDigest = (text: string) => /^[0-9a-f]{64}$/.test(text);

/** What the agent says its dry run is about: a table, or a file. */
function subjectOf(effect: JsonObject | null): string | null {
  const named = effect?.["resource"] ?? effect?.["path"];
  return typeof named === "string" && named !== "" ? named : null;
}
