import { Link } from "@/components/ui/link";
import { paths } from "@/lib/core/shared/paths";
import { OVERVIEW_VIEWS, type OverviewView, VIEW_WORDS } from "@/lib/core/workspaces/overview-view";

/** For whom the overview is arranged: another order of the same, and under "My agents" the figures of one's own alone. */
export function ViewSwitch({ view }: { view: OverviewView }) {
  return (
    <nav aria-label="Arrange for" className="flex flex-wrap gap-1">
      {OVERVIEW_VIEWS.map((one) => (
        <Link
          key={one}
          href={paths.overview({ view: one })}
          className="inline-flex min-h-8 items-center rounded-sm border border-transparent px-2 text-muted hover:text-text aria-[current=page]:border-edge aria-[current=page]:font-semibold aria-[current=page]:text-text pointer-coarse:min-h-11"
          {...(one === view && { "aria-current": "page" })}
        >
          {VIEW_WORDS[one]}
        </Link>
      ))}
    </nav>
  );
}
