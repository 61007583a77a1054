// AI referrals: what assistants send, by day, platform and page, and whether the tools that push it are well.
import { useState } from 'preact/hooks';
import { Field } from '../../parts/field';
import { Empty } from '../../parts/states';
import { account, accountId } from '../../shell/accounts';
import { place, setQuery } from '../../shell/place';
import { preferences } from '../../shell/stored';
import { ConnectionView } from './connection_view';
import { Overview } from './overview';
import './ai.css';

export default function AiPage() {
  const id = accountId.value ?? '';
  const known = account.value?.brand_ids;
  const asked = Number(place.value.query.get('brand')) || null;
  const brand = asked ?? known?.[0] ?? (Number(preferences.get(`brand.${id}`)) || null);
  const [, , , , third, connection] = place.value.path.split('/');

  if (known?.length === 0 && asked === null)
    return (
      <Empty title="This account has no brand yet">
        <p>AI referrals are counted under a brand, which is a number. Whoever runs this Headwater can give the account one, under Operations.</p>
      </Empty>
    );
  if (brand === null) return <WhichBrand account={id} />;
  if (third === 'connections' && connection) return <ConnectionView key={connection} account={id} brand={brand} id={decodeURIComponent(connection)} />;
  return <Overview key={brand} account={id} brand={brand} brands={known ?? [brand]} />;
}

/** Where the API does not tell which brands an account has. */
function WhichBrand({ account: id }: { account: string }) {
  const [text, setText] = useState('');
  const number = /^\d+$/.test(text.trim()) ? text.trim() : null;
  return (
    <section class="card narrow">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!number) return;
          preferences.set(`brand.${id}`, number);
          setQuery({ brand: number });
        }}
      >
        <h1>AI referrals</h1>
        <p class="muted">They are counted under a brand of the account. This server does not tell your token which; its number stands in the tool that pushes them.</p>
        <Field label="Number of the brand" value={text} onInput={setText} hasFocus fault={text && !number ? 'A whole number' : undefined} />
        <div class="row">
          <button type="submit" class="primary" disabled={!number}>
            Show
          </button>
        </div>
      </form>
    </section>
  );
}
