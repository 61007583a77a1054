// Loading parts of the console when they are first needed. A style sheet that could not be fetched is not asked for
// again by the browser, and the part would come without its looks; so those are put in anew before the next try.
const failed = new Set<HTMLLinkElement>();

addEventListener(
  'error',
  (event) => {
    if (event.target instanceof HTMLLinkElement && event.target.rel === 'stylesheet') failed.add(event.target);
  },
  true,
);

function fetchAgain(link: HTMLLinkElement): Promise<void> {
  failed.delete(link);
  const fresh = link.cloneNode() as HTMLLinkElement;
  return new Promise((resolve, reject) => {
    fresh.addEventListener('load', () => resolve());
    fresh.addEventListener('error', () => reject(new Error(`${link.href} could not be loaded`)));
    link.replaceWith(fresh);
  });
}

export async function loadChunk<T>(load: () => Promise<T>): Promise<T> {
  await Promise.all([...failed].map(fetchAgain));
  return load();
}
