// Shows a page once its chunk is there. A chunk that is gone means that a new release is being served.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { isUnreachable, returns } from '../api/reach';
import { Empty, FailurePanel, Skeleton } from '../parts/states';
import { Failure } from '../api/failure';
import { loadChunk } from './chunks';
import type { Page } from './pages';

const loaded = new Map<string, ComponentType>();

export function LazyPage({ page }: { page: Page }) {
  const [, setShown] = useState(loaded.has(page.name));
  const [hasFailed, setFailed] = useState(false);
  const round = returns.value;
  useEffect(() => {
    let isGone = false;
    setFailed(false);
    loadChunk(page.load).then(
      (module) => {
        loaded.set(page.name, module.default);
        if (!isGone) setShown(true);
      },
      () => !isGone && setFailed(true),
    );
    return () => {
      isGone = true;
    };
  }, [page, round]);

  const Shown = loaded.get(page.name);
  if (Shown) return <Shown />;
  if (!hasFailed) return <Skeleton lines={10} />;
  if (isUnreachable.value || !navigator.onLine)
    return <FailurePanel failure={new Failure('unreachable', 'This page cannot be loaded while Headwater cannot be reached.')} />;
  return (
    <Empty title="A new version is here">
      <p>This page belongs to the old one and is gone.</p>
      <button type="button" class="primary" onClick={() => location.reload()}>
        Reload
      </button>
    </Empty>
  );
}
