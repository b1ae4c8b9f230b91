import { Alert } from "@/components/ui/alert";
import { CopyText } from "@/components/ui/copy-text";

/** A secret that was just made. It is on this screen and nowhere else. */
export function SecretOnce({ secret, title, label }: { secret: string; title: string; label: string }) {
  return (
    <Alert tone="warn" title={title}>
      <p className="text-muted">Copy it now. It is shown once; what is stored is only its hash.</p>
      <p className="mt-1">
        <CopyText value={secret} label={label} />
      </p>
    </Alert>
  );
}
