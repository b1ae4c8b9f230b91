import { Alert } from "@/components/ui/alert";
import { CopyText } from "@/components/ui/copy-text";
import { KeyValue } from "@/components/ui/key-value";
import { Time } from "@/components/ui/time";
import type { AnchorItem, CheckpointItem, LedgerKeyItem } from "@/lib/core/ledger/schema";
import { paths } from "@/lib/core/shared/paths";

type LedgerProofProps = {
  signing: "ok" | "no_key" | "unreadable";
  keys: readonly LedgerKeyItem[];
  checkpoint: CheckpointItem | null;
  anchors: readonly AnchorItem[];
};

/** What makes the ledger provable to somebody who does not trust us: the key, the last signed head, and who was told. */
export function LedgerProof({ signing, keys, checkpoint, anchors }: LedgerProofProps) {
  const key = keys.find((item) => item.state !== "retired");
  return (
    <div className="grid gap-2">
      <SigningAlert signing={signing} />
      <KeyValue
        items={[
          {
            label: "Signing key",
            value: key ? <CopyText value={key.verifier_key} label="verifier key" /> : "none yet",
          },
          { label: "Signed", value: <Signed checkpoint={checkpoint} /> },
          ...anchors.map((anchor) => ({ label: `Told: ${anchor.destination}`, value: <Told anchor={anchor} /> })),
          ...(anchors.length === 0 ? [{ label: "Told elsewhere", value: "no place outside this database yet" }] : []),
        ]}
      />
      <p className="text-xs text-muted">
        Keep the key where we cannot change it. Whoever has a bundle and the key checks it alone, with{" "}
        <a href={paths.verifier()} download className="link">
          one file
        </a>{" "}
        and Node: <code>node verify.mjs interlock-bundle.jsonl --key …</code>
      </p>
    </div>
  );
}

function SigningAlert({ signing }: Pick<LedgerProofProps, "signing">) {
  if (signing === "ok") return null;
  if (signing === "no_key") {
    return (
      <Alert tone="warn" title="Nothing is signed yet">
        The first key is made when the background jobs run with a secret to keep it with.
      </Alert>
    );
  }
  return (
    <Alert tone="error" title="The signing key cannot be opened">
      Decisions go on and are recorded; receipts are unsigned and no checkpoint is made. Give the server the secret the
      key was sealed with, or have an administrator put a new key in force.
    </Alert>
  );
}

function Signed({ checkpoint }: Pick<LedgerProofProps, "checkpoint">) {
  if (!checkpoint) return <>nothing yet</>;
  return (
    <>
      {String(checkpoint.size)} entries, <Time at={checkpoint.at} />{" "}
      <CopyText value={checkpoint.note} short="copy the checkpoint" label="checkpoint" />
      {checkpoint.clock_regressed && " The database's clock went back; the time is that of the checkpoint before."}
    </>
  );
}

function Told({ anchor }: { anchor: AnchorItem }) {
  return (
    <>
      {anchor.delivered_at ? (
        <>
          {String(anchor.size)} entries, <Time at={anchor.delivered_at} />
        </>
      ) : (
        "never"
      )}
      {anchor.last_error && (
        <span className="text-deny">
          {" "}
          ■ failed {anchor.attempts} times: {anchor.last_error}
        </span>
      )}
    </>
  );
}
