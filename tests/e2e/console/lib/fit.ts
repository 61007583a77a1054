// What does not fit where it is drawn: text that is cut without its whole being at hand, elements that stand outside their
// parents, and whatever is beyond the edge of the window. Runs in the page, so it may name nothing from here.
export function misfits(): string[] {
  const slack = 2.5; // pixels are rounded, and small signs stand on the line of their text
  const found: string[] = [];
  const name = (element: Element) => {
    const own = element.tagName.toLowerCase() + [...element.classList].map((each) => `.${each}`).join('');
    const owner = element.parentElement?.closest('[class]');
    return `${owner ? `.${[...owner.classList].join('.')} > ` : ''}${own} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
  };
  const styles = new Map<Element, CSSStyleDeclaration>();
  const style = (element: Element) => {
    let known = styles.get(element);
    if (!known) styles.set(element, (known = getComputedStyle(element)));
    return known;
  };
  const scrolls = (value: string) => value === 'auto' || value === 'scroll';
  const clips = (value: string) => value === 'hidden' || value === 'clip';
  /** Drawn for readers of the screen alone, or inside a picture, whose parts stand where they want. */
  const isUnseen = (element: Element): boolean => {
    if (element.closest('.skip, svg, .u-wrap')) return true;
    for (let each: Element | null = element; each; each = each.parentElement) if (style(each).clipPath === 'inset(50%)') return true;
    return false;
  };
  const isWholeAtHand = (element: Element) => element.matches('details:not([open]) > summary') || element.closest('[title]') !== null || element.querySelector('[title]') !== null;
  /** Then what is beyond the edge can be scrolled to, or is cut, which is asked of the one that cuts it. */
  const isWithinBounds = (element: Element) => {
    for (let each = element.parentElement; each; each = each.parentElement) if (scrolls(style(each).overflowX) || clips(style(each).overflowX)) return true;
    return false;
  };
  const isModal = document.querySelector('dialog[open]') !== null;

  for (const element of document.querySelectorAll<HTMLElement>(isModal ? 'dialog[open] *' : 'body *')) {
    if (isUnseen(element) || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const own = style(element);
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const isInline = own.display === 'inline' || own.display === 'contents';

    if (!isInline && clips(own.overflowX) && element.scrollWidth > element.clientWidth + slack) {
      const isCut = own.textOverflow === 'ellipsis' ? !isWholeAtHand(element) : true;
      if (isCut && !(own.webkitLineClamp !== 'none' && isWholeAtHand(element))) found.push(`cut at its side: ${name(element)}`);
    }
    if (!isInline && clips(own.overflowY) && element.scrollHeight > element.clientHeight + slack && !isWholeAtHand(element))
      found.push(`cut at its foot: ${name(element)}`);
    if (element instanceof HTMLSelectElement || (element instanceof HTMLInputElement && element.type === 'button')) {
      if (element.scrollWidth > element.clientWidth + slack) found.push(`cut in its box: ${name(element)}`);
    }
    if (element instanceof HTMLInputElement && element.placeholder && !element.value && element.scrollWidth > element.clientWidth + slack)
      found.push(`its placeholder is cut: ${name(element)} "${element.placeholder}"`);

    if ((box.right > innerWidth + slack || box.left < -slack) && !isWithinBounds(element)) found.push(`beyond the edge of the window: ${name(element)}`);

    const parent = element.parentElement;
    if (parent && !isInline && (own.position === 'static' || own.position === 'relative') && style(parent).display !== 'contents' && style(parent).display !== 'inline') {
      const room = parent.getBoundingClientRect();
      const isWide = (box.right > room.right + slack || box.left < room.left - slack) && !scrolls(style(parent).overflowX);
      const isTall = (box.bottom > room.bottom + slack || box.top < room.top - slack) && !scrolls(style(parent).overflowY) && parent !== document.body && parent !== document.documentElement;
      // Drawn up to the edge by a negative margin, or several rows of a long list high.
      const isOnPurpose = /-/.test(own.margin) || parent.matches('.virtual-row');
      if ((isWide || isTall) && !isOnPurpose && !clips(style(parent).overflowX)) found.push(`outside its parent by ${Math.round(Math.max(box.right - room.right, room.left - box.left, box.bottom - room.bottom, room.top - box.top))} px: ${name(element)}`);
    }

    if (!isInline && [...element.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.textContent?.trim())) {
      const text = document.createRange();
      text.selectNodeContents(element);
      const written = text.getBoundingClientRect();
      if ((written.right > box.right + slack || written.left < box.left - slack) && !clips(own.overflowX) && !scrolls(own.overflowX))
        found.push(`text outside its box by ${Math.round(Math.max(written.right - box.right, box.left - written.left))} px: ${name(element)}`);
    }
  }
  const overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (overflow > 0) found.push(`the page scrolls sideways by ${overflow} px`);
  return [...new Set(found)];
}
