// The place of a chart: its chunk comes when it is first shown, into a box that has the size already.
import type { ComponentProps, ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { returns } from '../api/reach';
import { loadChunk } from '../shell/chunks';
import type LinesType from './lines';

type LinesProperties = ComponentProps<typeof LinesType>;
let loaded: ComponentType<LinesProperties> | null = null;

export function LinesChart(properties: LinesProperties) {
  const [, setLoaded] = useState(loaded !== null);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    if (!loaded)
      loadChunk(() => import('./lines')).then(
        (module) => {
          loaded = module.default;
          setLoaded(true);
        },
        () => setFailed(true),
      );
  }, [returns.value]);
  if (loaded) {
    const Lines = loaded;
    return <Lines {...properties} />;
  }
  return <div class="chart-space muted">{hasFailed ? 'The chart could not be loaded; the table shows the same figures.' : ''}</div>;
}
