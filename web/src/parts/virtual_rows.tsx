// A long list of which only what is seen is in the document. All rows have the same height. Who scrolls slowly keeps the
// elements of rows that stay in sight; after a leap to other rows the elements that are there show those instead, which
// takes half the time of making new ones.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Properties<T> {
  rows: readonly T[];
  rowHeight: number;
  /** Under which the scroll position is kept for back and forward. */
  name: string;
  /** Kept in view. */
  current: number;
  children: (row: T, index: number) => ComponentChildren;
}

export function VirtualRows<T>({ rows, rowHeight, name, current, children }: Properties<T>) {
  const frame = useRef<HTMLDivElement>(null);
  /** The first row in sight; a step within it changes nothing. */
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(800);

  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    setHeight(element.clientHeight);
    const watch = new ResizeObserver(() => setHeight(element.clientHeight));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    const element = frame.current;
    if (!element || current < 0) return;
    const begin = current * rowHeight;
    if (begin < element.scrollTop) element.scrollTop = begin;
    else if (begin + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = begin + rowHeight - element.clientHeight;
  }, [current]);

  const first = Math.max(0, top - 4);
  const last = Math.min(rows.length, top + Math.ceil(height / rowHeight) + 5);
  /** Elements are named by their row's distance from here. */
  const origin = useRef({ first: 0, row: 0 });
  const leap = first - origin.current.first;
  if (Math.abs(leap) * 2 > last - first) origin.current.row += leap;
  origin.current.first = first;
  return (
    <div class="virtual" role="rowgroup" ref={frame} data-scroll={name} onScroll={(event) => setTop(Math.floor(event.currentTarget.scrollTop / rowHeight))}>
      <div class="virtual-all" role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(first, last).map((row, index) => (
          <div
            key={first + index - origin.current.row}
            class="virtual-row"
            role="presentation"
            style={{ transform: `translateY(${(first + index) * rowHeight}px)`, height: `${rowHeight}px` }}
          >
            {children(row, first + index)}
          </div>
        ))}
      </div>
    </div>
  );
}
