// Puts one rule back as it was at a version, at once, with an undo for ten seconds.
import { useState } from 'preact/hooks';
import { Icon } from '../parts/icon';
import { say, sayFailure } from '../shell/toasts';
import { kindWords } from '../words';
import { restoreRules, type RuleName } from './restore';

interface Properties {
  account: string;
  rule: RuleName;
  version: number;
  word: string;
  title?: string;
  onDone: () => void;
}

export function RestoreButton({ account, rule, version, word, title, onDone }: Properties) {
  const [isBusy, setBusy] = useState(false);
  const name = `${kindWords[rule.kind]} ${rule.id}`;
  const run = async () => {
    setBusy(true);
    try {
      const { changed, before } = await restoreRules(account, version, [rule]);
      if (changed === 0) say(`${name} is so already`);
      else {
        say(`${name} is as it was at version ${version}`, {
          undo: async () => {
            await restoreRules(account, before, [rule]);
            onDone();
          },
        });
        onDone();
      }
    } catch (error) {
      sayFailure(error);
    }
    setBusy(false);
  };
  return (
    <button type="button" class="chip" disabled={isBusy} title={title} aria-label={`${word}: ${name}`} onClick={run}>
      <Icon name="undo" /> {word}
    </button>
  );
}
