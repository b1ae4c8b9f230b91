import { Alert } from "@/components/ui/alert";
import { CopyText } from "@/components/ui/copy-text";

/** A webhook's secret just made. It is stored sealed and never shown again. */
export function Secret({ secret, overlap = false }: { secret: string; overlap?: boolean }) {
  return (
    <Alert tone="warn" title="The secret its messages are signed with">
      <p className="text-muted">
        Copy it now; it is shown once. {overlap && "For a day each message is signed with the old one as well. "}
        Verify with any Standard Webhooks library, and refuse what is older than five minutes.
      </p>
      <p className="mt-1">
        <CopyText value={secret} label="the secret" />
      </p>
    </Alert>
  );
}
