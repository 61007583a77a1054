// Whether the palette is open. The palette itself is loaded with its first use.
import { signal } from '@preact/signals';

export const isPaletteOpen = signal(false);
export const openPalette = () => (isPaletteOpen.value = true);
