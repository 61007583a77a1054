// Operations: for whoever runs the server.
import type { ComponentType } from 'preact';
import { Link } from '../../parts/link';
import { useIsPhone } from '../../parts/media';
import { Empty } from '../../parts/states';
import { go, place } from '../../shell/place';
import { isOperator } from '../../shell/session';
import { Accounts } from './accounts';
import { Checkpoints } from './checkpoints';
import { HealthView } from './health_view';
import { Snapshots } from './snapshots';
import { Tokens } from './tokens';
import './operations.css';

const parts: { name: string; word: string; Part: ComponentType }[] = [
  { name: 'health', word: 'Health', Part: HealthView },
  { name: 'tokens', word: 'Tokens', Part: Tokens },
  { name: 'accounts', word: 'Accounts', Part: Accounts },
  { name: 'snapshots', word: 'Snapshots', Part: Snapshots },
  { name: 'checkpoints', word: 'Checkpoints', Part: Checkpoints },
];

export default function OperationsPage() {
  const isPhone = useIsPhone();
  const name = place.value.path.split('/')[2] ?? 'health';
  const part = parts.find((each) => each.name === name) ?? parts[0]!;
  if (!isOperator.value)
    return (
      <Empty title="For whoever runs this Headwater">
        <p>These pages need an admin token of all accounts.</p>
      </Empty>
    );
  return (
    <div class="operations">
      <div class="page-head">
        <h1>Operations</h1>
        {isPhone ? (
          <select aria-label="Part of operations" value={part.name} onChange={(event) => go(`/ops/${event.currentTarget.value}`)}>
            {parts.map((each) => (
              <option key={each.name} value={each.name}>
                {each.word}
              </option>
            ))}
          </select>
        ) : (
          <nav class="tabs" aria-label="Parts of operations">
            {parts.map((each) => (
              <Link key={each.name} to={`/ops/${each.name}`} aria-current={each === part ? 'page' : undefined}>
                {each.word}
              </Link>
            ))}
          </nav>
        )}
      </div>
      <part.Part />
    </div>
  );
}
