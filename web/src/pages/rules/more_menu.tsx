// What is seldom done with all rules of a kind: bringing them in from a file or a pack, and taking them out as a file.
import { useState } from 'preact/hooks';
import { fetchRaw } from '../../api/client';
import { download } from '../../parts/download';
import { Drop } from '../../parts/drop';
import { Icon, type IconName } from '../../parts/icon';
import { go } from '../../shell/place';
import { canWrite } from '../../shell/session';
import { sayFailure } from '../../shell/toasts';
import type { RuleKind } from '../../words';
import { apiPaths } from './model';
import { Packs } from './presets';
import { importPath } from './where';

/** All rules of a kind as the server writes them: such a file can be imported again. */
async function exportAll(account: string, kind: RuleKind, format: 'csv' | 'json') {
  try {
    const response = await fetchRaw(`${apiPaths[kind]}/export?account_id=${encodeURIComponent(account)}&format=${format}`);
    download(`${account}-${apiPaths[kind].slice(1)}.${format}`, await response.blob());
  } catch (error) {
    sayFailure(error);
  }
}

interface Choice {
  icon: IconName;
  word: string;
  run: () => void;
}

export function MoreMenu({ account, kind, onChanged }: { account: string; kind: RuleKind; onChanged: () => void }) {
  const [showsPacks, setShowsPacks] = useState(false);
  const choices: Choice[] = [
    ...(canWrite.value && kind === 'passthrough' ? [{ icon: 'box' as const, word: 'Packs…', run: () => setShowsPacks(true) }] : []),
    ...(canWrite.value ? [{ icon: 'upload' as const, word: 'Import…', run: () => go(importPath(kind)) }] : []),
    { icon: 'download', word: 'Export as CSV', run: () => exportAll(account, kind, 'csv') },
    { icon: 'download', word: 'Export as JSON', run: () => exportAll(account, kind, 'json') },
  ];
  return (
    <>
      <Drop
        className="rules-more"
        title="Import, export and packs of known hosts"
        label={
          <>
            More <Icon name="down" />
          </>
        }
      >
        {(close) =>
          choices.map(({ icon, word, run }) => (
            <button key={word} type="button" class="menu-item" onClick={() => { close(); run(); }}>
              <Icon name={icon} /> {word}
            </button>
          ))
        }
      </Drop>
      {showsPacks && <Packs account={account} onClose={() => setShowsPacks(false)} onApplied={() => { setShowsPacks(false); onChanged(); }} onUndone={onChanged} />}
    </>
  );
}
