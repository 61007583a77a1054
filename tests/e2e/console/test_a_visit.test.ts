// Test a visit: the chips, the answer and its path, a draft, and a link that carries the whole test.
import { describe, test } from 'vitest';
import { openConsole } from './lib/console.ts';
import { expect, has, holds, path, visible } from './lib/expect.ts';
import { looks } from './lib/looks.ts';

describe.each(looks)('at $name', (look) => {
  const at = openConsole({ look, provokes: [[422, /\/resolve$/]] }); // the preview of a half-filled form
  const answer = () => at.page.locator('.answer');
  const chip = (name: string) => at.page.getByRole('button', { name, exact: true });

  test('each chip is a visit, and the answer is in words that marketers use', async () => {
    await at.open('/a/acme/test');
    const expected: [chip: string, word: RegExp][] = [
      ['Back from payment', /^Kept the session/],
      ['Google ad', /^Ad click/],
      ['Google search', /^(Search|Your rule)/],
      ['ChatGPT', /^(AI assistant|Tagged link|Your rule)/],
      ['Newsletter', /^Tagged link/],
      ['Facebook link', /^(Facebook link|Your rule)/],
      ['Typed the address', /^Direct/],
    ];
    for (const [name, word] of expected) {
      await at.press(chip(name));
      await has(answer(), word);
      await visible(at.page.locator('.step.is-deciding'));
      expect(await at.page.locator('.step.is-deciding').count(), name).toBe(1);
    }
  });

  test('the link to a test shows the same in another window, and the visit reaches no log', async () => {
    await at.openSigningIn('/a/acme/test');
    await at.page.getByLabel('Landing page').fill('https://www.acme.example/rooms?who=secret-visitor');
    await at.page.getByLabel('Came from').fill('https://www.trivago.es/');
    await has(answer(), /trivago[^]*Mapping \d+ \(/); // the rule's name comes a moment later
    const said = await answer().innerText();
    await path(at.page, /^\/a\/acme\/test#/);
    const link = at.page.url();
    const other = await at.context.newPage();
    await other.goto(link);
    await other.getByLabel('Token').fill(at.demo.viewer);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => other.locator('.answer').innerText(), { timeout: 15_000 }).toBe(said);
    await holds(other.getByLabel('Came from'), 'https://www.trivago.es/');
    expect(at.program.log).not.toContain('secret-visitor');
  });

  test('a drafted rule says what it would change, is stored nowhere, and can be taken over into a new rule', async () => {
    const rules = async () => (await at.program.client().data<{ total: number }>('GET', '/referrer-mappings?account_id=acme&include_inactive=true')).total;
    const before = await rules();
    await at.open('/a/acme/test');
    await at.page.getByLabel('Came from').fill('https://unheard-of.example/');
    await has(answer(), /^Other site/);
    await at.press(at.page.getByRole('button', { name: 'draft a rule' }));
    await at.page.locator('.draft-form').getByLabel('Source').fill('drafted-source');
    await at.press(at.page.getByRole('button', { name: 'Try it' }));
    const whatIf = at.page.getByRole('region', { name: 'What if' });
    await has(whatIf.getByRole('row', { name: /With draft/ }), /Your rule[^]*drafted-source/);
    await has(whatIf, /The draft changes the answer/);
    expect(await rules()).toBe(before);
    await at.press(whatIf.getByRole('button', { name: 'Save it…' }));
    await path(at.page, /^\/a\/acme\/rules\/mapping\/new/);
    await holds(at.page.getByRole('complementary').getByLabel('Pattern').first(), 'unheard-of.example');
  });

  test('without the rule that decided, the answer is another', async () => {
    await at.open('/a/acme/test');
    await at.press(chip('Back from payment'));
    await has(answer(), /^Kept the session/);
    await at.press(at.page.getByRole('button', { name: /^without passthrough \d+/ }));
    await has(at.page.getByRole('region', { name: 'What if' }).getByRole('row', { name: /With draft/ }), /Other site|Came back|Your rule/);
    await path(at.page, /draft=/);
  });

  test('a visit that is refused leaves no answer of the visit before', async () => {
    await at.open('/a/acme/test');
    await at.press(chip('ChatGPT'));
    await has(answer(), /ChatGPT|chatgpt/i);
    await at.page.getByLabel('Landing page').fill('nowhere');
    await has(at.page.getByRole('alert'), /Landing page: Type a whole address/);
    expect(await answer().count()).toBe(0);
    expect(await at.page.locator('.step').count()).toBe(0);
    await at.page.getByLabel('Landing page').fill('https://www.acme.example/');
    await visible(answer());
  });

  test('a visit that was typed is there again after a look at another page', async () => {
    await at.open('/a/acme/test');
    await at.page.getByLabel('Came from').fill('https://typed-before.example/');
    await at.press(at.page.getByRole('link', { name: 'Rules' }).last());
    await path(at.page, '/a/acme/rules');
    await at.press(at.page.getByRole('link', { name: 'Test' }).last());
    await holds(at.page.getByLabel('Came from'), '');
    await at.press(chip('Your last visit'));
    await holds(at.page.getByLabel('Came from'), 'https://typed-before.example/');
    await has(answer(), /^Other site/);
    expect(await chip('Your last visit').count()).toBe(0);
  });
});
