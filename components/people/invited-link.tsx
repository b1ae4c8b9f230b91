import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { Time } from "@/components/ui/time";

/** What an invitation answers. */
export type InvitedMember = {
  readonly email: string;
  readonly invitation_url: string;
  readonly expires_at: string;
  readonly mailed: boolean;
};

/** The link of an invitation that was just made. It is on this screen and nowhere else. */
export function InvitedLink({ invited, onClose }: { invited: InvitedMember; onClose: () => void }) {
  return (
    <div className="grid gap-4 whitespace-normal" role="status">
      <p>
        {invited.mailed
          ? `The invitation was mailed to ${invited.email}.`
          : `Send this link to ${invited.email}. They choose their password with it.`}
      </p>
      <Alert tone="warn" title="The link is shown once">
        <p className="text-muted">
          It works once, until <Time at={new Date(invited.expires_at)} mode="date" />. Whoever opens it acts as{" "}
          {invited.email}, so give it to nobody else.
        </p>
        <p className="mt-1 break-all">
          <CopyText value={invited.invitation_url} label="the invitation link" />
        </p>
      </Alert>
      <div className="flex justify-end">
        <Button onClick={onClose}>Close</Button>
      </div>
    </div>
  );
}
