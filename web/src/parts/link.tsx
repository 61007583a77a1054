// A link within the console: a real one, so it opens in new tabs, and a click stays in this page.
import type { ComponentChildren } from 'preact';
import { go, href } from '../shell/place';

interface Properties {
  to: string;
  children: ComponentChildren;
  class?: string;
  title?: string;
  'aria-current'?: 'page' | 'true';
  /** After the place has changed. */
  onFollow?: () => void;
}

export function Link({ to, children, onFollow, ...others }: Properties) {
  return (
    <a
      {...others}
      href={href(to)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go(to);
        onFollow?.();
      }}
    >
      {children}
    </a>
  );
}
