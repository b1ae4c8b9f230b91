import { Link } from "@/components/ui/link";
import { SIGNAL_SPAN_NAMES, SIGNAL_SPANS, type SignalSpan } from "@/lib/core/alerts/view";
import { paths } from "@/lib/core/shared/paths";

type SpanSwitchProps = {
  span: SignalSpan;
  /** What else the page is narrowed to. */
  query: { state?: string; agent?: string };
};

/** How far back the charts reach. */
export function SpanSwitch({ span, query }: SpanSwitchProps) {
  return (
    <nav aria-label="Range" className="flex flex-wrap items-center gap-1">
      {SIGNAL_SPAN_NAMES.map((one) => (
        <Link
          key={one}
          href={paths.signals({ ...query, from: one })}
          className="inline-flex min-h-8 items-center rounded-sm border border-transparent px-2 text-muted hover:text-text aria-[current=true]:border-edge aria-[current=true]:font-semibold aria-[current=true]:text-text pointer-coarse:min-h-11"
          {...(one === span && { "aria-current": "true" })}
        >
          {SIGNAL_SPANS[one].label}
        </Link>
      ))}
      <span>UTC</span>
    </nav>
  );
}
