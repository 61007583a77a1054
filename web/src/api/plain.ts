// What the API says, in words of whoever sits before the console: what to type, what happened, what to do. The API's own
// sentences are for programs; those that this page does not know are shown as they are, since they say more than nothing.
import { fieldWord } from '../words';
import type { Fault } from './failure';

/** By the sentence, since that has the numbers; the API's names of kinds of faults are too coarse. */
const faultWords: [said: RegExp, words: (parts: string[]) => string][] = [
  [/^Field required$/, () => 'This is needed.'],
  [/^String should (?:have at least 1 character|not be blank)$/, () => 'This is needed.'],
  [/^String should have at least (\d+) characters?$/, ([least]) => `Type at least ${least} characters.`],
  [/^String should have at most (\d+) characters?$/, ([most]) => `At most ${most} characters fit here.`],
  [/^String should (?:not contain (?:control characters|NUL)|hold visible ASCII characters only)/, () => 'A character here cannot be used. Type it again instead of pasting it.'],
  [/^String should match pattern '\^\[A-Z\]\{3\}\$'/, () => 'Type the three letters of a currency, such as EUR.'],
  [/^String should match pattern '\^\[A-Za-z0-9_-\]\{1,63\}\$'/, () => 'Only letters from a to z, digits, - and _, at most 63 of them, and no spaces.'],
  [/^String should match pattern/, () => 'It cannot be written like this.'],
  [/^String should be an origin/, () => 'Type the address of a website up to its name, such as https://www.example.com.'],
  [/^Input should be an IANA time zone/, () => 'Choose a time zone from the list, such as Europe/Berlin.'],
  [/^Input should be an absolute http\(s\) URL/, () => 'Type a whole address, such as https://www.example.com/page.'],
  [/^URL scheme should be|^Input should name a website/, () => 'Type the address of a website, such as https://www.example.com.'],
  [/^Input should be a day of the calendar|^Input should be a date/, () => 'Type a day that there is, such as 2026-05-31.'],
  [/^Input should be a valid (?:integer|number)|^Number is out of range|^Input should be a finite number/, () => 'Type a whole number.'],
  [/^Input should be greater than or equal to (-?\d+)/, ([least]) => `Type a number from ${least} upward.`],
  [/^Input should be less than or equal to (\d+)/, ([most]) => `Type a number up to ${most}.`],
  [/^Input should be from (\d+) to (\d+)/, ([least, most]) => `Type a number from ${least} to ${most}.`],
  [/^Input should be a valid boolean/, () => 'This is either true or false.'],
  [/^Input should be ('.+)$/, ([choices]) => `This is one of ${choices?.replaceAll("'", '').replace(/ or (?=\S+$)/, ' and ')}.`],
  [/^Input should be a(?:n|\b)/, () => 'It cannot be written like this.'],
  [/^List should have at least 1 item/, () => 'Choose at least one.'],
  [/^List should have at most (\d+) items?/, ([most]) => `At most ${most} fit here.`],
  [/^Extra inputs are not permitted/, () => 'There is no such field.'],
  [/^(?:Key|Column) is given twice/, () => 'It stands there twice.'],
  [/^Column required; (.*)$/, () => 'This column is missing. Columns are separated by commas, semicolons or tabs.'],
  [/^Column required/, () => 'This column is missing.'],
  [/^Row should have (\d+)/, ([columns]) => `This line should have ${columns} columns, as the first line has.`],
  [/^Domain should be a name such as (\S+),/, ([example]) => `Type the name of a website, such as ${example}, and nothing before or behind it. An IP address does not work.`],
  [/^Domain should be one's own/, () => 'Everybody has websites below this name. Type one that is yours alone, such as shop.example.com.'],
  [/^Pattern should be a domain/, () => 'No website can have this name.'],
  [/^Pattern should be ASCII/, () => 'Letters such as ü work with "is exactly this host" only. Choose that, or write the name as browsers send it, beginning with xn--.'],
  [/^Path should begin with/, () => 'Type the part of the address that begins with /, such as /checkout.'],
  [/^Path should have no query/, () => 'Leave out what begins with ? or #.'],
  [/^Path should have no wildcard/, () => 'Leave out the *: every page below counts, too.'],
  [/^Path should (?:have|not)/, () => 'Type it as it stands in the address bar, such as /checkout/thanks.'],
  [/^utm is always read/, () => 'utm_source and so on are always read.'],
  [/^Invalid regular expression: (.*) at offset (\d+)$/, ([why, at]) => `This is not a whole regular expression: ${why}, after ${at} characters.`],
  [/^Back references are not supported/, () => 'A regular expression here cannot refer back to what it has found, as \\1 does.'],
  [/^Regular expression is too complex/, () => 'This regular expression is too long or repeats too much. Make it shorter.'],
  [/^There is no (?:referrer mapping|passthrough referrer) (\d+)$/, ([id]) => `Rule ${id} is not there any more.`],
  [/to be hard to guess$/, () => 'This is easy to guess. Make it longer and more mixed, or leave it empty and one is made.'],
];

/** What is wrong with a field. */
export function plainFault(message: string): string {
  for (const [said, words] of faultWords) {
    const found = said.exec(message);
    if (found) return words(found.slice(1));
  }
  return message;
}

const scopeWords: Record<string, string> = {
  write: 'Your token may look but not change. An editor can do this.',
  admin: 'Only an admin may do this.',
  read: 'Your token may not look at this.',
};

const codeWords: Record<string, string> = {
  unauthorized: 'This token is not known here. It may have expired or been revoked, or a part of it is missing.',
  account_not_found: 'There is no such account.',
  precondition_failed: 'Somebody has changed it since it was shown here, so nothing was done.',
  idempotency_key_reused: 'This was sent before with other values. Look whether it was saved, then try again.',
  payload_too_large: 'This is more than the server takes at once.',
  unsupported_media_type: 'The server does not take a file of this kind.',
  rate_limit_exceeded: 'Too much was asked in a short time. Wait a minute and try again.',
  internal_error: 'The server made a mistake. Whoever runs it can find it by the number of the request.',
  outcome_unknown: 'The server cannot tell whether it was saved.',
  method_not_allowed: 'This server does not know what was asked: it may be older than this page.',
};

export interface Said {
  code: string;
  message: string;
  faults: Fault[];
}

/** All that is wrong in a sentence or three, where the fields are not at hand. */
function toldOf(faults: Fault[]): string {
  const told = faults.slice(0, 3).map(({ field, message }) => {
    const name = /([a-z_]+)(?:\[\d+\])?$/.exec(field)?.[1] ?? '';
    const word = fieldWord(name);
    return word ? `${word.charAt(0).toUpperCase()}${word.slice(1)}: ${message}` : message;
  });
  return told.join(' ') + (faults.length > 3 ? ` And ${faults.length - 3} more.` : '');
}

/** What happened, for a message that belongs to no field. */
export function plainMessage({ code, message, faults }: Said): string {
  const scope = /^Required scope: (\w+)/.exec(message)?.[1];
  if (scope) return scopeWords[scope] ?? 'Your token may not do this.';
  if (/^Access denied to (?:account|brand)/.test(message)) return 'Your token is not for this account.';
  if (/^API key has expired/.test(message)) return 'This token has expired.';
  const taken = / which (referrer mapping|passthrough referrer) (\d+) has now/.exec(message);
  if (taken) return `It cannot come back as it was: ${taken[1] === 'referrer mapping' ? 'Mapping' : 'Passthrough'} ${taken[2]} is for the same host now.`;
  if (code === 'duplicate_entry' && /pattern|domain/i.test(message)) return 'There is such a rule already.';
  if (/^An active connection for this website already exists/.test(message)) return 'This website is connected already.';
  if (code === 'not_found') return 'This is not there any more.';
  if (faults.length > 0) return toldOf(faults);
  if (/^The body is not valid CSV/.test(message)) return 'The first line of the file has to name its columns, such as referrer_pattern and utm_source.';
  if (/not valid JSON/.test(message)) return 'The file is not complete, or no JSON.';
  return codeWords[code] ?? message;
}
