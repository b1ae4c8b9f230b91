import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { VisibleText } from "@/components/ui/visible-text";
import type { NeedlessRule } from "@/lib/core/reviewers/scorecard";
import { shareText } from "@/lib/core/reviewers/words";
import { paths } from "@/lib/core/shared/paths";

/** Rules whose question is always answered with yes. Nothing where there is none. */
export function NeedlessRules({ rules }: { rules: readonly NeedlessRule[] }) {
  if (rules.length === 0) return null;
  return (
    <Section title="Rules that probably should not be asking">
      <ul className="grid gap-2 border-y border-hair bg-surface p-3">
        {rules.map(({ agent, rule, approved }) => (
          <li key={`${agent} ${rule}`} className="grid gap-1">
            <p>
              <Mono>
                <VisibleText text={rule} />
              </Mono>{" "}
              of <VisibleText text={agent} />: approved {shareText(approved)}, nothing regretted. This rule probably
              should not be asking you.
            </p>
            <p>
              <Link href={paths.proposeManifest(agent)} className="link inline-block min-h-6">
                Propose a manifest change
              </Link>
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
