/** Whether a view is everybody's to see. */
export function ShareBox({ id, checked = false }: { id: string; checked?: boolean }) {
  return (
    <label htmlFor={id} className="flex min-h-6 items-center gap-2 pointer-coarse:min-h-11">
      <input id={id} type="checkbox" name="shared" defaultChecked={checked} className="size-4 accent-accent" />
      Share with the workspace
    </label>
  );
}
