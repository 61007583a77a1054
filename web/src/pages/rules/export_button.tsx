// All rules of a kind as a file, as the server writes it: it can be imported again.
import { fetchRaw } from '../../api/client';
import { download } from '../../parts/download';
import { Icon } from '../../parts/icon';
import { sayFailure } from '../../shell/toasts';
import type { RuleKind } from '../../words';
import { apiPaths } from './model';

export function ExportButton({ account, kind }: { account: string; kind: RuleKind }) {
  const run = async (format: string) => {
    try {
      const response = await fetchRaw(`${apiPaths[kind]}/export?account_id=${encodeURIComponent(account)}&format=${format}`);
      download(`${account}-${apiPaths[kind].slice(1)}.${format}`, await response.blob());
    } catch (error) {
      sayFailure(error);
    }
  };
  return (
    <span class="export">
      <button type="button" onClick={() => run('csv')} title="All rules of this kind as CSV">
        <Icon name="download" /> Export
      </button>
      <button type="button" class="link" onClick={() => run('json')}>
        JSON
      </button>
    </span>
  );
}
