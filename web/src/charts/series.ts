// A fixed colour and dash for each series, so that nothing depends on colour alone and nothing changes place by a filter.
export const seriesColours = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6', '--series-7', '--series-8'] as const;
export const seriesDashes: number[][] = [[], [8, 3], [2, 3], [8, 3, 2, 3], [12, 4], [4, 4], [1, 4], [6, 2, 2, 2, 2, 2]];

const fixed = ['ChatGPT', 'Perplexity', 'Gemini', 'Copilot', 'Claude', 'Meta AI', 'DeepSeek'];

/** The number of a series' look by its name; those without one of their own take what is free. */
export function looksOf(names: string[]): Map<string, number> {
  const looks = new Map<string, number>();
  for (const name of names) if (fixed.includes(name)) looks.set(name, fixed.indexOf(name));
  const free = [5, 6, 7, 0, 1, 2, 3, 4].filter((each) => ![...looks.values()].includes(each));
  for (const name of names) if (!looks.has(name)) looks.set(name, name === 'Other' ? 7 : (free.shift() ?? 7));
  return looks;
}

export const colourOf = (look: number) => getComputedStyle(document.documentElement).getPropertyValue(seriesColours[look % 8] ?? '--series-8').trim();
