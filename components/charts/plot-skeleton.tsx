/** The place of a chart before it is drawn: its lines for the amounts, in its final size. */
export function PlotSkeleton() {
  return (
    <div aria-hidden="true" className="h-80 pt-6 pr-[108px] pb-[22px] pl-[52px] sm:pr-44">
      <div className="grid h-full grid-rows-4 border-b border-edge">
        {[1, 2, 3, 4].map((row) => (
          <div key={row} className="border-t border-hair" />
        ))}
      </div>
    </div>
  );
}
