// Why a visit counts for no channel, and what cures it.
import type { ComponentChildren } from 'preact';
import type { Attribution } from '../api/resolve';

/** What a medium makes of a visit; the channels' rules are those of Google Analytics' default group. */
const media: [medium: string, for_: string, channel: string][] = [
  ['email', 'a newsletter or mail', 'Email'],
  ['cpc', 'an ad that is paid for', 'Paid Search, Paid Social or Paid Other'],
  ['display', 'a banner', 'Display'],
  ['social', 'a post in a social network', 'Organic Social'],
  ['affiliate', 'a partner who earns by it', 'Affiliates'],
  ['referral', 'a link on another site', 'Referral'],
];

export const isUnassigned = (said: Attribution) => said.channel === 'Unassigned';

const isEmpty = (text: string | undefined) => !text || text === '(none)' || text === '(not set)';

/** In a sentence: which source and medium it is that no channel takes. */
export function WhyUnassigned({ said }: { said: Attribution }) {
  const { utm_source, utm_medium } = said.utm;
  return (
    <>
      No channel takes {isEmpty(utm_medium) ? 'a visit without a medium' : <>the medium <bdi><strong>{utm_medium}</strong></bdi></>}
      {!isEmpty(utm_source) && (
        <>
          {' '}from the source <bdi><strong>{utm_source}</strong></bdi>
        </>
      )}
      , so reports count it as Unassigned.
    </>
  );
}

/** Which medium belongs to which channel. */
export function MediaThatCount() {
  return (
    <ul class="media">
      {media.map(([medium, what, channel]) => (
        <li key={medium}>
          <code>{medium}</code> <span class="muted">for {what}:</span> {channel}
        </li>
      ))}
    </ul>
  );
}

/** The whole of it, below an answer; `cure` says where the medium is changed. */
export function Unassigned({ said, cure }: { said: Attribution; cure: ComponentChildren }) {
  return (
    <div class="note unassigned" role="note">
      <p>
        <WhyUnassigned said={said} /> {cure}
      </p>
      <MediaThatCount />
    </div>
  );
}
