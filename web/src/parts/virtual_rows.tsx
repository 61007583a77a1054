// A long list of which only what is seen is in the document. All rows have the same height.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Properties<T> {
  rows: readonly T[];
  rowHeight: number;
  /** Under which the scroll position is kept for back and forward. */
  name: string;
  /** Kept in view. */
  current: number;
  keyOf: (row: T) => string | number;
  children: (row: T, index: number) => ComponentChildren;
}

export function VirtualRows<T>({ rows, rowHeight, name, current, keyOf, children }: Properties<T>) {
  const frame = useRef<HTMLDivElement>(null);
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

  const first = Math.max(0, Math.floor(top / rowHeight) - 4);
  const last = Math.min(rows.length, Math.ceil((top + height) / rowHeight) + 4);
  return (
    <div class="virtual" role="rowgroup" ref={frame} data-scroll={name} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      <div class="virtual-all" role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(first, last).map((row, index) => (
          <div
            key={keyOf(row)}
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
