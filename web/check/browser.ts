// The little of a browser that these parts look at when they are loaded.
const location_ = new URL('https://proxy.example/hw/console/a/acme/rules?kind=passthrough&q=stripe#u=x');
const kept = new Map<string, string>();
const storage = { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value), removeItem: (name: string) => kept.delete(name) };

Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en-GB'], language: 'en-GB', platform: 'Linux', onLine: true }, configurable: true });
Object.assign(globalThis, {
  location: location_,
  history: {
    state: {},
    scrollRestoration: 'auto',
    pushState: (_state: unknown, _title: string, url: string) => (location_.href = new URL(url, location_).href),
    replaceState: (_state: unknown, _title: string, url?: string) => url && (location_.href = new URL(url, location_).href),
  },
  document: { querySelectorAll: () => [], querySelector: () => null },
  window: Object.assign(globalThis, { scrollY: 0, scrollTo: () => {} }),
  addEventListener: () => {},
  localStorage: storage,
  sessionStorage: storage,
});
