import { describe, expect, test } from 'vitest';
import { failureOf } from '../src/api/failure';
import { plainFault } from '../src/api/plain';

const refused = (status: number, error: object) => failureOf(new Response(null, { status }), { error });

describe('what the API says, in plain words', () => {
  test('a fault says what to type, with the numbers of the server', () => {
    expect(plainFault("String should match pattern '^[A-Z]{3}$'")).toBe('Type the three letters of a currency, such as EUR.');
    expect(plainFault("String should match pattern '^[A-Za-z0-9_-]{1,63}$' or be '*'")).toMatch(/^Only letters/);
    expect(plainFault('String should have at most 255 characters')).toBe('At most 255 characters fit here.');
    expect(plainFault('String should have at least 1 character')).toBe('This is needed.');
    expect(plainFault('Input should be less than or equal to 1000')).toBe('Type a number up to 1000.');
    expect(plainFault("Input should be 'exact', 'contains' or 'regex'")).toBe('This is one of exact, contains and regex.');
    expect(plainFault('Domain should be a name such as booking.example.com, without port, path or wildcard, and no IP address')).toContain('booking.example.com');
  });
  test('no sentence that talks of strings, inputs, patterns or lists comes through, and one that is not known is kept', () => {
    for (const each of ["String should match pattern '^x$'", 'Input should be an object', 'Input should be a valid list', 'String should not be blank', 'List should have at most 1000 items', 'Extra inputs are not permitted', 'Field required'])
      expect(plainFault(each)).not.toMatch(/String|Input|pattern|List|permitted|required/);
    expect(plainFault('missing closing parenthesis')).toBe('missing closing parenthesis');
  });
  test('a failure says what happened, by its code or scope', () => {
    expect(refused(412, { code: 'precondition_failed', message: 'The resource is not as If-Match says: its ETag is now "1"' }).message).toMatch(/^Somebody has changed it/);
    expect(refused(403, { code: 'forbidden', message: 'Required scope: write' }).message).toMatch(/may look but not change/);
    expect(refused(403, { code: 'forbidden', message: 'Access denied to account: acme' }).message).toBe('Your token is not for this account.');
    expect(refused(409, { code: 'duplicate_entry', message: "A referrer mapping with the pattern 'a' already exists, with id 2", detail: { existing_id: 2 } }).message).toBe('There is such a rule already.');
    expect(refused(409, { code: 'duplicate_entry', message: "Referrer mapping 1 had the pattern 'a' then, which referrer mapping 4 has now" }).message).toMatch(/Mapping 4 is for the same host now/);
    expect(refused(422, { code: 'quota_exceeded', message: 'The quota of account acme is 5' }).message).toBe('The quota of account acme is 5');
  });
  test('faults are told by the names of their fields where there is no form', () => {
    const failure = refused(422, { code: 'validation_error', message: 'Validation failed: body.url: ...', detail: [{ field: 'body.url', message: 'Input should be an absolute http(s) URL with a host' }] });
    expect(failure.message).toBe('Landing page: Type a whole address, such as https://www.example.com/page.');
    expect(failure.at('url')).toMatch(/^Type a whole address/);
  });
});
