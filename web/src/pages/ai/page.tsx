// AI referrals: what assistants send, by day, platform and page, and whether the tools that push it are well.
import { Empty, FailurePanel, Skeleton } from '../../parts/states';
import { account, accountId, accountsAreKnown, accountsFailure, readAccounts } from '../../shell/accounts';
import { place } from '../../shell/place';
import { ConnectionView } from './connection_view';
import { Overview } from './overview';
import './ai.css';

export default function AiPage() {
  const id = accountId.value ?? '';
  const known = account.value?.brand_ids;
  const asked = Number(place.value.query.get('brand')) || null;
  const brand = asked ?? known?.[0] ?? null;
  const [, , , , third, connection] = place.value.path.split('/');

  if (brand === null)
    return (
      <>
        <h1 class="for-readers">AI referrals</h1>
        {accountsFailure.value ? (
          <FailurePanel failure={accountsFailure.value} what="The account" onRetry={readAccounts} />
        ) : !accountsAreKnown.value ? (
          <Skeleton lines={10} />
        ) : (
          <Empty title="This account has no brand yet">
            <p>AI referrals are counted under a brand, which is a number. Whoever runs this Headwater can give the account one, under Operations.</p>
          </Empty>
        )}
      </>
    );
  if (third === 'connections' && connection) return <ConnectionView key={connection} account={id} brand={brand} id={decodeURIComponent(connection)} />;
  return <Overview key={brand} account={id} brand={brand} brands={known ?? [brand]} />;
}
