import type { ReactNode } from "react";

type FieldProps = {
  label: ReactNode;
  /** Shown under the label, before a person types. */
  hint?: ReactNode | undefined;
  /** What is wrong with what they typed. */
  error?: ReactNode | undefined;
  /** Id of the control when it is not inside `children`, or when `children` holds more than the control. */
  htmlFor?: string | undefined;
  children: ReactNode;
};

/**
 * A control with its label, hint and error.
 *
 * Without `htmlFor` the whole is a `<label>`, so hint and error are read out as part of the control's name.
 */
export function Field({ label, hint, error, htmlFor, children }: FieldProps) {
  const text = (
    <>
      <span className="font-medium">{label}</span>
      {hint && <span className="text-xs text-muted">{hint}</span>}
    </>
  );
  const fault = error && <span className="text-xs font-medium text-deny">■ {error}</span>;
  if (htmlFor === undefined) {
    return (
      <label className="grid content-start gap-1">
        {text}
        {children}
        {fault}
      </label>
    );
  }
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={htmlFor} className="grid gap-1">
        {text}
      </label>
      {children}
      {fault}
    </div>
  );
}
