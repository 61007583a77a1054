// What the lists know of the host that the visitor came from.
import { ask, api } from '../../api/client';
import { has } from '../../api/features';
import { useResource } from '../../api/resource';
import { Host } from '../../parts/text';

export function SourceCard({ host }: { host: string }) {
  const known = useResource(has('/sources') ? host : null, (signal) => ask(api.GET('/sources', { params: { query: { host } }, signal })));
  const data = known.data;
  if (!data) return null;
  const entry = data.as_referrer;
  return (
    <section class="card">
      <h2>
        <Host name={host} />
      </h2>
      <dl class="pairs">
        <dt>Known as</dt>
        <dd>{data.ai_platform ? `${data.ai_platform}, an AI assistant` : entry ? `${entry.name}, ${entry.kind}` : 'nothing: no list has it'}</dd>
        {data.registrable_domain && (
          <>
            <dt>Site</dt>
            <dd>
              <Host name={data.registrable_domain} />
            </dd>
          </>
        )}
        {(entry?.list ?? data.ai_platform_list) && (
          <>
            <dt>By</dt>
            <dd>
              {(entry?.list ?? data.ai_platform_list)?.title} <span class="muted">of {(entry?.list ?? data.ai_platform_list)?.date}</span>
            </dd>
          </>
        )}
        {data.spam && (
          <>
            <dt>Spam</dt>
            <dd class="bad">known for referrer spam</dd>
          </>
        )}
      </dl>
    </section>
  );
}
