// Our own 16 px icons, drawn with lines in the colour of the text.
const paths = {
  close: 'M4 4l8 8M12 4l-8 8',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5l3 3',
  plus: 'M8 3v10M3 8h10',
  check: 'M3 8.5l3.5 3.5L13 5',
  warning: 'M8 2.2l6.3 11.3H1.7L8 2.2M8 6.5v3.2M8 11.4v.6',
  info: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M8 7.3v3.7M8 4.8v.6',
  down: 'M4 6.5l4 4 4-4',
  right: 'M6 3.5l4.5 4.5L6 12.5',
  left: 'M10 3.5L5.5 8l4.5 4.5',
  link: 'M6.7 9.3l2.6-2.6M7.2 4.6l1.3-1.3a2.9 2.9 0 0 1 4.1 4.1l-1.3 1.3M8.8 11.4l-1.3 1.3a2.9 2.9 0 0 1-4.1-4.1l1.3-1.3',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  rules: 'M3 4h2M3 8h2M3 12h2M7.5 4H13M7.5 8H13M7.5 12H13',
  test: 'M2.5 13.5c0-5 11-3 11-8a2.7 2.7 0 0 0-5.4 0M2.5 13.5h.1M8 5.5h.1',
  history: 'M2.6 6.2A5.8 5.8 0 1 1 2.2 8M2.4 3v3.4h3.4M8 4.8V8l2.2 1.6',
  ai: 'M8 2l1.5 4.5L14 8l-4.5 1.5L8 14l-1.5-4.5L2 8l4.5-1.5z',
  operations: 'M1.8 8.5h3l1.7-5 3 9 1.7-4h3',
  more: 'M3.5 8h.1M8 8h.1M12.5 8h.1',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1',
  moon: 'M13.2 9.8A5.7 5.7 0 0 1 6.2 2.8a5.7 5.7 0 1 0 7 7z',
  system: 'M2 3h12v8H2zM6 13.5h4M8 11v2.5',
  download: 'M8 2.5v7.5M4.8 7L8 10.2 11.2 7M2.8 13.2h10.4',
  upload: 'M8 10.2V2.7M4.8 5.7L8 2.5l3.2 3.2M2.8 13.2h10.4',
  undo: 'M5.5 3L2.7 5.8l2.8 2.8M3 5.8h6.2a3.6 3.6 0 0 1 0 7.2H6',
  shield: 'M8 1.8l5 1.9v3.6c0 3.2-2 5.6-5 6.9-3-1.3-5-3.7-5-6.9V3.7zM5.7 8l1.7 1.7 3-3.2',
  key: 'M5.2 6.3a3 3 0 1 0 0 5.9 3 3 0 0 0 0-5.9M7.4 7.2l5.6-4.4M10.7 4.6l1.8 2.1',
  out: 'M6.5 2.5h-4v11h4M6.5 8h7M10.7 5.2L13.5 8l-2.8 2.8',
  box: 'M2.5 5L8 2l5.5 3v6L8 14l-5.5-3zM2.5 5L8 8l5.5-3M8 8v6',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, label }: { name: IconName; label?: string }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" role={label ? 'img' : undefined} aria-label={label} aria-hidden={label ? undefined : true}>
      <path d={paths[name]} />
    </svg>
  );
}
