// Each page and dialog on a wide screen; a file of its own, because the files run side by side.
import { looks } from './lib/looks.ts';
import { lookAtPages, writeContactSheet } from './lib/pages.ts';

lookAtPages(looks.filter((each) => !each.isPhone));
writeContactSheet();
