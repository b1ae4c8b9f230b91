import { Alert } from "@/components/ui/alert";
import { Link } from "@/components/ui/link";
import { counted } from "@/lib/core/approvals/part";
import { paths } from "@/lib/core/shared/paths";

/** Says that actions expired without anybody having looked; nothing when there are none. */
export function UnseenNotice({ unseen }: { unseen: number }) {
  if (unseen === 0) return null;
  return (
    <Alert tone="warn" title={`${counted(unseen, "action")} expired unseen this week`}>
      <p className="text-muted">
        Nobody who could answer had looked. They did not run.{" "}
        <Link href={paths.desk({ state: "expired" })} className="link">
          Look at them
        </Link>{" "}
        or{" "}
        <Link href={paths.notifications()} className="link">
          see who is told
        </Link>
        .
      </p>
    </Alert>
  );
}
