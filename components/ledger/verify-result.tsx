import { Alert } from "@/components/ui/alert";
import { CopyText } from "@/components/ui/copy-text";
import { KeyValue } from "@/components/ui/key-value";
import type { AuditReport } from "@/lib/core/ledger/audit";
import { VERDICT_WORDS } from "@/lib/core/ledger/finding";

const SHOWN = 8;

/** Why nothing was verified: neither that the log is right nor that it is wrong. */
export function VerifyFailure({ children }: { children: string }) {
  return (
    <Alert tone="error" title="Not verified">
      {children}
    </Alert>
  );
}

/** What verifying found, in words; never more than was looked at. */
export function VerifyResult({ report, ms }: { report: AuditReport; ms: number }) {
  return (
    <div role="region" aria-label="Result of verifying" className="grid gap-2">
      <Verdict report={report} />
      {report.findings.length > 0 && (
        <ul className="grid gap-1 border-y border-hair bg-surface px-3 py-2">
          {report.findings.slice(0, SHOWN).map(({ message }, index) => (
            <li key={index} className="min-w-0 [overflow-wrap:anywhere]">
              <span aria-hidden="true" className="text-deny">
                ■{" "}
              </span>
              {message}
            </li>
          ))}
          {report.found > SHOWN && <li className="text-muted">and {report.found - SHOWN} more</li>}
        </ul>
      )}
      <KeyValue
        items={[
          { label: "Entries hashed here", value: `${report.size}, in ${(ms / 1_000).toFixed(1)} s` },
          { label: "Root they give", value: <CopyText value={report.root} label="rebuilt root" /> },
          {
            label: "Checkpoints",
            value: `${report.checkpoints}; a trusted signature covers ${report.signedSize} entries`,
          },
          { label: "Key believed", value: <KeyBelieved report={report} /> },
          ...(report.proved === null
            ? []
            : [{ label: "Inclusion proof", value: `Entry ${report.proved} is in the tree.` }]),
        ]}
      />
    </div>
  );
}

function Verdict({ report }: { report: AuditReport }) {
  if (report.checkpoints === 0)
    return (
      <Alert tone="warn" title="Nothing to verify yet">
        The log has no checkpoint, so it promised nothing it could be held to.
      </Alert>
    );
  if (report.code === 1)
    return (
      <Alert tone="error" title={VERDICT_WORDS[1]}>
        What the server shows is not what was signed. Export a bundle, keep it, and tell whoever audits you.
      </Alert>
    );
  if (report.code === 3)
    return (
      <Alert tone="error" title={VERDICT_WORDS[3]}>
        The key that was given did not sign this log, nor did it hand over to one that did.
      </Alert>
    );
  if (report.code === 2)
    return (
      <Alert tone="error" title={VERDICT_WORDS[2]}>
        Something that was signed is missing from what the server shows.
      </Alert>
    );
  const all = `The ${report.size} entries give the root of ${report.checkpoints === 1 ? "the one checkpoint" : `all ${report.checkpoints} checkpoints`}, so the log only grew.`;
  if (!report.pinned)
    return (
      <Alert tone="warn" title={`${VERDICT_WORDS[3]}: no key was pinned`}>
        {all} It is consistent with itself. The signatures are by the key this page names: whoever could change the log
        on this server could have changed that key as well. Paste the key you kept to prove more.
      </Alert>
    );
  return (
    <Alert tone="info" title={`${VERDICT_WORDS[0]}: entries and signatures`}>
      {all} Every checkpoint is signed by the key you gave or its heirs. No verdict was judged again and no payload was
      looked at. This page came from the same server: the verifier on a machine of yours does without it, and does both.
    </Alert>
  );
}

function KeyBelieved({ report: { key, pinned } }: { report: AuditReport }) {
  if (key === null) return <>none: the log names no key</>;
  return (
    <>
      <CopyText value={key} label="verifier key" /> {pinned ? "(yours)" : "(from this server)"}
    </>
  );
}
