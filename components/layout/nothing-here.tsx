import { ButtonLink } from "@/components/ui/button-link";
import { paths } from "@/lib/core/shared/paths";

/** What an address that leads nowhere shows: the same for what is absent and what belongs to another workspace. */
export function NothingHere() {
  return (
    <div className="grid max-w-xl gap-4 py-8">
      <h1 className="text-xl">There is nothing here</h1>
      <p className="text-muted">
        The address is wrong, or what it names is not in this workspace. What was decided is never lost: look for it on
        the Decisions or the Ledger page.
      </p>
      <div className="flex flex-wrap gap-2">
        <ButtonLink href={paths.overview()}>Overview</ButtonLink>
        <ButtonLink href={paths.decisions()}>Decisions</ButtonLink>
        <ButtonLink href={paths.ledger()}>Ledger</ButtonLink>
      </div>
    </div>
  );
}
