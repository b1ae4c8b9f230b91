import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { paths } from "@/lib/core/shared/paths";

type NoAdviceProps = {
  /** When it was last looked for; null before the first time. */
  evaluated: Date | null;
  dismissed: number;
};

/** What advice is found, and what it takes to find any. */
export function NoAdvice({ evaluated, dismissed }: NoAdviceProps) {
  return (
    <EmptyState
      title={dismissed > 0 ? "No other advice" : evaluated === null ? "No advice yet" : "No advice"}
      actions={<ButtonLink href={paths.spend()}>Show spend</ButtonLink>}
    >
      <p>
        {evaluated === null
          ? "Interlock looks through the last 14 days of your agents’ telemetry every hour, and has not looked yet. It looks for:"
          : "Nothing was found in the last 14 days of your agents’ telemetry. Interlock looks every hour for:"}
      </p>
      <ul className="grid list-disc gap-1 pl-5">
        <li>
          tools that only read and are asked the same again within an hour. The{" "}
          <Link href={paths.tools()} className="link">
            catalogue
          </Link>{" "}
          says which only read, and telemetry must tell the calls with their arguments;
        </li>
        <li>providers, MCP servers and tools that answer with rate limits at least 5 times;</li>
        <li>prompts whose cached share fell by 10 points from one week to the next, with 20 calls in each;</li>
        <li>
          short answers of a model that a cheaper one gives to the same agent or for the same skill, where the runs of
          the cheaper one succeed as often. It takes 20 runs of each whose outcome is reported.
        </li>
      </ul>
    </EmptyState>
  );
}
