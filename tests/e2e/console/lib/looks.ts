// Widths and themes. CI takes a wide light page and a phone in the dark; --long takes all four.
export interface Look {
  name: string;
  width: number;
  height: number;
  theme: 'light' | 'dark';
  isPhone: boolean;
}

const look = (width: number, theme: Look['theme']): Look => ({ name: `${width} ${theme}`, width, height: width < 600 ? 844 : 800, theme, isPhone: width < 600 });

export const isLong = process.env.HEADWATER_CONSOLE_LONG === '1';
export const allLooks = [look(1280, 'light'), look(390, 'dark'), look(1280, 'dark'), look(390, 'light')];
export const looks = isLong ? allLooks : allLooks.slice(0, 2);
export const wide = allLooks[0] as Look;
