/** Leads a keyboard past the top bar. Seen only while it has the focus. */
export function SkipLink() {
  return (
    <a
      href="#main"
      className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-sm focus:border focus:border-edge focus:bg-surface focus:px-3 focus:py-2 focus:font-medium"
    >
      Skip to content
    </a>
  );
}
