// Settings of attribution: what holds beside the rules, for the whole account.
import { useEffect, useRef, useState } from 'preact/hooks';
import { asFailure, type Failure } from '../../api/failure';
import { useResource } from '../../api/resource';
import { DraftNote } from '../../parts/draft_note';
import { Field, Switch } from '../../parts/field';
import { Link } from '../../parts/link';
import { FailurePanel, Loaded } from '../../parts/states';
import { useDraft } from '../../shell/drafts';
import { useKeys } from '../../shell/keys';
import { canWrite } from '../../shell/session';
import { say } from '../../shell/toasts';
import { Conflict, type ConflictState } from './conflict';
import { asChange, asForm, changeSettings, differing, faultOf, type Family, type Form, picked, readSettings, type ReadSettings, type Settings, type Values } from './settings';
import { SettingsPreview } from './settings_preview';
import './settings.css';

const families: [Family, string][] = [
  ['utm', 'utm_source and so on (always)'],
  ['utm_id', 'utm_id, where no campaign is named'],
  ['ref', 'ref'],
  ['source', 'source'],
  ['mtm', 'mtm_source and so on, of Matomo'],
  ['pk', 'pk_source and so on, of Matomo before'],
];
const classifications = { full: 'told apart', basic: 'counted as other sites' } as const;
const zones = () => ('supportedValuesOf' in Intl ? Intl.supportedValuesOf('timeZone') : []);

interface Properties {
  account: string;
  /** One of the account's own sites, for the visits that are tried. */
  site?: string;
  onSaved: () => void;
}

export function SettingsView({ account, site, onSaved }: Properties) {
  const read = useResource(`${account} settings`, (signal) => readSettings(account, signal));
  return (
    <section class="settings card" aria-label="Settings">
      <Loaded from={read} lines={10} what="Settings">
        {(data) => <SettingsForm account={account} site={site} read={data} onSaved={onSaved} />}
      </Loaded>
    </section>
  );
}

interface Held {
  base: Values;
  etag: string | null;
  form: Form;
}
const heldOf = ({ settings, etag }: ReadSettings): Held => ({ base: { ...settings }, etag, form: asForm(settings) });

function SettingsForm({ account, site = 'your-site.example', read, onSaved }: Properties & { read: ReadSettings }) {
  const draft = useDraft<Held>(`${account} settings`, 'the settings', heldOf(read), (held) => differing(held.base, asChange(held.form)).length > 0);
  const { base, etag, form } = draft.value;
  const [failure, setFailure] = useState<Failure>();
  const [drafted, setDrafted] = useState<Failure>();
  const [conflict, setConflict] = useState<ConflictState>();
  const [isBusy, setBusy] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const isReadOnly = !canWrite.value;
  const values: Values = asChange(form);
  const changed = differing(base, values);
  const put = (change: Partial<Form>) => draft.set((held) => ({ ...held, form: { ...held.form, ...change } }));

  useEffect(() => {
    if (failure?.faults.length) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failure]);

  /** What was typed after `sent`, or since the last save, is still there. */
  const took = (now: ReadSettings, sent?: Values) => {
    draft.settle((held) => {
      const typed = asChange(held.form);
      const after = heldOf(now);
      return { ...after, form: asForm({ ...now.settings, ...picked(typed, differing(sent ?? held.base, typed)) } as Settings) };
    });
    setConflict(undefined);
    onSaved();
  };

  const save = async (sent = values, ifMatch = etag, from = base) => {
    const names = differing(from, sent);
    if (isBusy || isReadOnly) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const done = await changeSettings(account, picked(sent, names), ifMatch);
      took(done, sent);
      say('The settings are saved', { undo: async () => took(await changeSettings(account, picked(from, names), done.etag)) });
    } catch (error) {
      const failed = asFailure(error);
      const now = failed.kind === 'changed' ? await readSettings(account).catch(() => undefined) : undefined;
      if (now) setConflict({ found: from, yours: sent, now: { ...now.settings }, etag: now.etag });
      else setFailure(failed);
    }
    setBusy(false);
  };

  useKeys([{ keys: 'Mod+Enter', label: 'Save the settings', group: 'Rules', run: () => changed.length > 0 && save() }]);

  if (conflict)
    return (
      <Conflict
        what="these settings"
        differ={differing}
        state={conflict}
        isBusy={isBusy}
        onCancel={() => setConflict(undefined)}
        onSave={(chosen) => {
          draft.set(() => ({ base: conflict.now, etag: conflict.etag, form: asForm({ ...read.settings, ...chosen }) }));
          if (differing(conflict.now, chosen).length > 0) save(chosen, conflict.etag, conflict.now);
          else setConflict(undefined);
        }}
      />
    );

  const discard = () => {
    draft.settle((held) => ({ ...held, form: asForm({ ...read.settings, ...held.base }) }));
    setFailure(undefined);
  };
  const shared = (name: string) => ({ name, isReadOnly, fault: faultOf(failure ?? (changed.includes(name) ? drafted : undefined), name) });
  return (
    <form ref={element} class="stack" noValidate onSubmit={(event) => { event.preventDefault(); if (changed.length > 0) save(); }}>
      <div class="row spread">
        <h2>Settings</h2>
        <Link to={`/a/${encodeURIComponent(account)}/history?what=attribution_settings_changed`}>What was changed</Link>
      </div>
      {isReadOnly && <p class="note note-plain">Your token may look but not change.</p>}
      <DraftNote isShown={draft.isBack && changed.length > 0} onDiscard={discard} />
      {failure && failure.faults.length === 0 && <FailurePanel failure={failure} onRetry={failure.kind === 'unknown_outcome' ? undefined : () => save()} />}
      <div class="settings-columns">
        <div class="stack">
          <div class="settings-fields">
            <Field {...shared('own_domains')} label="Own domains" lines={3} value={form.own_domains} onInput={(text) => put({ own_domains: text })} placeholder="acme-careers.example" hint="One a line. Who comes from there, or from a host below it, comes from one of your own pages." />
            <Field {...shared('return_paths')} label="Return paths" lines={3} value={form.return_paths} onInput={(text) => put({ return_paths: text })} placeholder="/checkout" hint="One a line. Pages to which visitors come back from banks and others that nobody could list: the session goes on there." />
            <Field {...shared('timezone')} label="Time zone" list="settings-zones" value={form.timezone} onInput={(text) => put({ timezone: text })} hint="Its midnight ends a day in reports." />
            <Field {...shared('currency')} label="Currency" value={form.currency} onInput={(text) => put({ currency: text })} placeholder="EUR" hint="Three letters, such as EUR; empty: amounts have none." />
            <Field {...shared('ai_medium')} label="Medium of AI assistants" value={form.ai_medium} onInput={(text) => put({ ai_medium: text })} hint="What visits from ChatGPT and the like get. Google Analytics says ai-assistant." />
          </div>
          <datalist id="settings-zones">
            {zones().map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
          <fieldset class="segments" disabled={isReadOnly}>
            <legend>Search engines, mail and social networks are</legend>
            {(['full', 'basic'] as const).map((each) => (
              <label key={each} title={each}>
                <input type="radio" name="classification" checked={form.classification === each} onChange={() => put({ classification: each })} />
                <span>{classifications[each]}</span>
              </label>
            ))}
          </fieldset>
          <fieldset class="settings-families" disabled={isReadOnly}>
            <legend>Tags that name a campaign</legend>
            {families.map(([name, word]) => (
              <label key={name} class="check">
                <input
                  type="checkbox"
                  disabled={name === 'utm'}
                  checked={form.campaign_parameters.includes(name)}
                  onChange={(event) => put({ campaign_parameters: event.currentTarget.checked ? [...form.campaign_parameters, name] : form.campaign_parameters.filter((each) => each !== name) })}
                />
                {word}
              </label>
            ))}
            {faultOf(failure, 'campaign_parameters') && <p class="fault">{faultOf(failure, 'campaign_parameters')}</p>}
          </fieldset>
          <div>
            <Switch isOn={form.drop_spam} label="Take no notice of referrers known for spam" isDisabled={isReadOnly} onChange={(on) => put({ drop_spam: on })} />
          </div>
        </div>
        {!isReadOnly && <SettingsPreview account={account} site={site} base={base} values={values} changed={changed} onFaults={setDrafted} />}
      </div>
      {!isReadOnly && (
        <footer class="panel-foot">
          <button type="submit" class="primary" disabled={isBusy || changed.length === 0} title="Ctrl Enter">
            {isBusy ? 'Saving…' : 'Save'}
          </button>
          {changed.length > 0 && (
            <button type="button" onClick={discard}>
              Discard
            </button>
          )}
        </footer>
      )}
    </form>
  );
}
