// The answer in one sentence.
import type { Attribution } from '../../api/resolve';
import { useResource } from '../../api/resource';
import { Link } from '../../parts/link';
import { Gives } from '../../parts/text';
import { isUnassigned, Unassigned } from '../../parts/unassigned';
import { kindWords, answerWord } from '../../words';
import { readRule } from '../rules/calls';
import { kindOf } from '../rules/model';

/** A rule that decided, by its name, as a link. */
export function RuleLink({ account, rule }: { account: string; rule: NonNullable<Attribution['rule']> }) {
  const kind = kindOf(rule.kind);
  const id = rule.kind === 'return_path' ? null : (rule.id ?? null);
  const read = useResource(id === null ? null : `${account} ${kind} ${id}`, (signal) => readRule(account, kind, id ?? 0, signal));
  if (rule.kind === 'return_path')
    return (
      <>
        the return path <code>{rule.path}</code>
      </>
    );
  if (id === null) return <>the drafted rule</>;
  const found = read.data?.rule;
  return (
    <Link to={`/a/${encodeURIComponent(account)}/rules/${kind}/${id}`}>
      {kindWords[kind]} {id}
      {found && (
        <>
          {' '}(<bdi>{found.name || found.pattern}</bdi>)
        </>
      )}
    </Link>
  );
}

/** Where the medium of a visit comes from is where it is put right. */
function Cure({ account, said }: { account: string; said: Attribution }) {
  if (said.continues_session) return <>It is what the session began with: give the link that began it a medium that counts.</>;
  if (said.rule && said.rule.kind !== 'return_path')
    return (
      <>
        Give <RuleLink account={account} rule={said.rule} /> another medium:
      </>
    );
  if (said.outcome === 'explicit_utm') return <>Give the link another utm_medium:</>;
  return <>A mapping for this host can give it another medium:</>;
}

export function Answer({ account, said }: { account: string; said: Attribution }) {
  return (
    <>
      <p class="answer" role="status">
        <strong title={said.outcome}>{answerWord(said)}</strong>
        <span class="answer-gives">
          <Gives source={said.utm?.utm_source} medium={said.utm?.utm_medium} campaign={said.utm?.utm_campaign} />
        </span>
        <span>
          <span class="muted">channel</span> {said.channel}
        </span>
        {said.source_name && said.source_name !== said.utm?.utm_source && (
          <span>
            <span class="muted">source</span> <bdi>{said.source_name}</bdi>
          </span>
        )}
        {said.rule && (
          <span>
            <span class="muted">because of</span> <RuleLink account={account} rule={said.rule} />
          </span>
        )}
        {said.continues_session && <span class="badge badge-accent">session goes on</span>}
      </p>
      {isUnassigned(said) && <Unassigned said={said} cure={<Cure account={account} said={said} />} />}
    </>
  );
}
