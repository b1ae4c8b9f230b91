/** The look of native controls: a visible edge of at least 3:1, a surface to write on, the type of the page. */
export const CONTROL =
  "w-full min-w-0 rounded-sm border border-edge bg-surface px-2 text-sm text-text pointer-coarse:text-base " +
  "aria-invalid:border-2 aria-invalid:border-deny disabled:bg-sunk disabled:text-muted [&:is(input,textarea):read-only]:bg-sunk";
