import { Button, type ButtonProps } from "./button";

type DialogButtonsProps = {
  onCancel: () => void;
  pending: boolean;
  /** What the button that submits says, and what it says while the answer is awaited. */
  submit: string;
  submitting?: string;
  variant: ButtonProps["variant"];
  /** Focuses Cancel, where submitting should take a deliberate step. */
  focusCancel?: boolean;
};

/** The end of a form in a dialog: Cancel, and the one button that submits. */
export function DialogButtons({
  onCancel,
  pending,
  submit,
  submitting = submit,
  variant,
  focusCancel = false,
}: DialogButtonsProps) {
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <Button type="button" onClick={onCancel} autoFocus={focusCancel}>
        Cancel
      </Button>
      <Button type="submit" variant={variant} aria-busy={pending}>
        {pending ? submitting : submit}
      </Button>
    </div>
  );
}
