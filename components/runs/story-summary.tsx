import { Link } from "@/components/ui/link";
import { MessageText } from "@/components/ui/message-text";
import type { Said } from "@/lib/core/runs/say-run";
import { paths } from "@/lib/core/shared/paths";

type StorySummaryProps = {
  /** Its id is null where it is no run that an incident can name. */
  run: { readonly id: string | null; readonly agent: string };
  said: readonly Said[];
  ungoverned: number;
};

/** What happened in a run, in sentences that lead to their rows, and where to go from there. */
export function StorySummary({ run, said, ungoverned }: StorySummaryProps) {
  if (said.length === 0) return null;
  return (
    <div className="grid gap-x-10 gap-y-4 border-b border-hair pb-4 [overflow-wrap:anywhere] md:grid-cols-2">
      <section aria-labelledby="what-happened" className="grid content-start gap-1.5">
        <h2 id="what-happened" className="text-base">
          What happened
        </h2>
        <ol className="grid list-decimal gap-1 pl-5 marker:text-muted">
          {said.map(({ text, row }) => (
            <li key={row + text} className="text-base">
              <a href={`#${row}`} className="decoration-edge underline-offset-2 hover:underline">
                <MessageText text={text} />
              </a>
            </li>
          ))}
        </ol>
      </section>
      <section aria-labelledby="what-next" className="grid content-start gap-1.5">
        <h2 id="what-next" className="text-base">
          What to do next
        </h2>
        <ul className="divide-y divide-hair">
          {ungoverned > 0 && (
            <li className="py-1.5">
              <Link href={paths.agent(run.agent)} className="link">
                Look at the agent’s keys
              </Link>{" "}
              and revoke the one that reaches the tool past Interlock.
            </li>
          )}
          <li className="py-1.5">
            <Link href={paths.agent(run.agent)} className="link">
              Lower the agent’s level
            </Link>
            . Its next changes wait for a person.
          </li>
          <li className="py-1.5">
            Use <b>Open an incident</b> above to record what happened.{run.id !== null && " This run is attached."}
          </li>
        </ul>
      </section>
    </div>
  );
}
