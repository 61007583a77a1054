// What the API says of a field, in the words of whoever types into it. Its own sentences are for programs: they call a
// text a string and a field an input.
type Say = string | ((found: RegExpExecArray) => string);

const quoted = /'([^']*)'/g;
const choices = (text: string) => [...text.matchAll(quoted)].map((each) => each[1]).join(', ');
const many = (number: string | undefined, word: string) => `${number} ${word}${number === '1' ? '' : 's'}`;

const faults: [RegExp, Say][] = [
  [/^Field required/, 'This is needed.'],
  [/^(String|List) should have at least 1 (character|item)/, 'This is needed.'],
  [/^String should have at least (\d+) character/, ([, number]) => `At least ${many(number, 'character')}.`],
  [/^String should have at most (\d+) character/, ([, number]) => `At most ${many(number, 'character')}.`],
  [/^List should have at most (\d+) item/, ([, number]) => `At most ${number} of them.`],
  [/^Input should be a valid integer/, 'Type a whole number.'],
  [/^Input should be greater than or equal to (-?\d+)/, ([, number]) => `At least ${number}.`],
  [/^Input should be less than or equal to (-?\d+)/, ([, number]) => `At most ${number}.`],
  [/^Input should be from (.+)/, ([, range]) => `From ${range}.`],
  [/^Input should be an absolute http\(s\) URL/, 'Type a whole address, such as https://www.example.com/.'],
  [/^Input should be an IANA time zone/, 'Type a time zone, such as Europe/Berlin.'],
  [/^Input should name a website/, 'Type a website, such as www.example.com.'],
  [/^Input should be a day of the calendar/, 'Type a day, such as 2026-05-31.'],
  [/^Input should be ('.*)/, ([, list]) => `One of: ${choices(list ?? '')}.`],
  [/^String should not contain control characters/, 'It has a line break or another character that cannot be seen: take that out.'],
  [/^String should match pattern '\^\[A-Za-z0-9_-\]/, 'Only letters, digits, - and _, at most 63 of them.'],
  [/^String should be an origin/, 'Type addresses such as https://shop.example, without a path.'],
  [/^String should hold visible ASCII/, 'Only letters, digits and signs of an English keyboard, without spaces.'],
  [/^(?:Input|String) should (be .+)/, ([, rest]) => `It should ${rest}.`],
];

const scopes: Record<string, string> = { resolve: 'ask about visits', read: 'see this', write: 'change this', admin: 'do this: it takes an admin' };

const messages: [RegExp, Say][] = [
  [/^Required scope: (\w+)/, ([, scope]) => `Your token may not ${scopes[scope ?? ''] ?? 'do this'}.`],
  [/^Access denied to account: (.+)/, ([, id]) => `Your token is not for the account ${id}.`],
  [/^Access denied to brand: (.+)/, ([, id]) => `Your token is not for brand ${id}.`],
  [/^The account must be named/, 'The account is not named.'],
];

function said(text: string, of: [RegExp, Say][]): string {
  for (const [pattern, say] of of) {
    const found = pattern.exec(text);
    if (found) return typeof say === 'string' ? say : say(found);
  }
  return text;
}

export const plainFault = (message: string) => said(message, faults);
export const plainMessage = (message: string) => said(message, messages);
