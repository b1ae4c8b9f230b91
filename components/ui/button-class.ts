export type ButtonVariant = "plain" | "primary" | "strong" | "stop" | "quiet";
export type ButtonSize = "sm" | "md";

const BASE =
  "inline-flex items-center justify-center gap-2 rounded-sm text-sm font-medium select-none whitespace-nowrap no-underline " +
  "pointer-coarse:min-h-11 aria-disabled:opacity-55 aria-disabled:cursor-not-allowed disabled:opacity-55 disabled:cursor-not-allowed";

const VARIANTS: Record<ButtonVariant, string> = {
  plain: "border border-edge bg-surface text-text hover:bg-sunk",
  primary: "border border-text bg-text text-surface hover:opacity-90",
  strong: "border-2 border-text bg-surface font-semibold text-text hover:bg-sunk",
  stop: "border border-stop bg-stop font-semibold text-stop-ink hover:brightness-115",
  quiet: "border border-transparent text-muted hover:bg-sunk hover:text-text",
};

const SIZES: Record<ButtonSize, string> = {
  sm: "min-h-7 px-2 py-0.5",
  md: "min-h-8 px-3 py-1",
};

/** The look shared by buttons and links that act like buttons. Touch screens get targets of 44 px. */
export function buttonClass(variant: ButtonVariant, size: ButtonSize, extra = ""): string {
  return `${BASE} ${SIZES[size]} ${VARIANTS[variant]} ${extra}`;
}
