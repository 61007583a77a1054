// What a stretch of work takes of a page's main thread, by the browser's own trace: script, style, layout and the list of
// what is to be painted, in time on the processor. So neither what else the machine does is counted, nor the drawing
// itself, which other threads do, and which a headless browser does without a graphics card.
import type { Browser } from 'playwright-core';

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** Of the duration, what the thread was running for. */
  tdur?: number;
}

/** The milliseconds of the main thread between each two performance marks of this name that the work sets. */
export async function mainThreadBetween(browser: Browser, mark: string, work: () => Promise<unknown>): Promise<number[]> {
  const devtools = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const isComplete = new Promise((resolve) => devtools.once('Tracing.tracingComplete', resolve));
  await devtools.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'blink.user_timing'] } });
  await work();
  await devtools.send('Tracing.end');
  await isComplete;
  await devtools.detach();

  const marks = events.filter((each) => each.name === mark).sort((a, b) => a.ts - b.ts);
  const [first] = marks;
  if (!first) throw new Error(`no mark ${mark} in the trace`);
  const tasks = events.filter((each) => each.ph === 'X' && each.pid === first.pid && each.tid === first.tid && each.tdur !== undefined).sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const between = new Array<number>(marks.length - 1).fill(0);
  let outermostEnds = 0;
  let at = 0;
  for (const task of tasks) {
    if (task.ts < outermostEnds) continue; // part of one that is counted
    outermostEnds = task.ts + (task.dur ?? 0);
    while (at < marks.length && (marks[at] as TraceEvent).ts <= task.ts) at++;
    if (at > 0 && at < marks.length) between[at - 1] = (between[at - 1] ?? 0) + (task.tdur ?? 0) / 1000;
  }
  return between;
}
