// How high a finding is in the list, whose rows have all the same height: as many of them as its whole text takes.

export interface Room {
  /** Of the list, in pixels. */
  width: number;
  rowHeight: number;
  isPhone: boolean;
}

/** More than this and the first of its rows, which draws it, could be out of sight while the last is not. */
const mostRows = 4;
const padding = 16;

/** Wider, and the buttons stand beside the text; rules.css says the same. */
export const buttonsBeside = 900;

/** A little more than letters take on average, for words that go over to the next line whole. */
const letter = { wide: 7.5, phone: 7 };
const line = { wide: 20, phone: 18 };
const aroundText = { wide: 60 + 12 + 26, phone: 12 + 12 + 26 };
const aroundButton = 34;

export function rowsOf(text: string, buttons: string[], { width, rowHeight, isPhone }: Room): number {
  const look = isPhone ? 'phone' : 'wide';
  const isBeside = width > buttonsBeside;
  const beside = isBeside ? buttons.reduce((sum, each) => sum + each.length * letter.wide + aroundButton, 0) : 0;
  const below = isBeside ? 0 : isPhone ? 52 : 38;
  const letters = Math.max(12, Math.floor((width - aroundText[look] - beside) / letter[look]));
  const height = Math.ceil(text.length / letters) * line[look] + below + padding;
  return Math.min(mostRows, Math.max(1, Math.ceil(height / rowHeight)));
}

/** How many lines of text there is room for in so many rows. */
export function linesIn(rows: number, { width, rowHeight, isPhone }: Room): number {
  const below = width > buttonsBeside ? 0 : isPhone ? 52 : 38;
  return Math.max(1, Math.floor((rows * rowHeight - padding - below) / line[isPhone ? 'phone' : 'wide']));
}
