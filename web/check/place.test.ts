import { describe, expect, test } from 'vitest';
import { apiRoot, consoleRoot } from '../src/base';
import { go, pathWith, place, setFragment } from '../src/shell/place';

describe('places', () => {
  test('what precedes /console belongs to a proxy, for the pages and for the API alike', () => {
    expect([consoleRoot, apiRoot]).toEqual(['/hw/console', 'https://proxy.example/hw']);
    expect(place.value.path).toBe('/a/acme/rules');
  });
  test('a change of one parameter leaves the others', () => {
    expect(pathWith({ query: { kind: null, sort: '-source' } })).toBe('/a/acme/rules?q=stripe&sort=-source#u=x');
    expect(pathWith({ path: '/a/acme/rules/import', query: { q: '' } })).toBe('/a/acme/rules/import?kind=passthrough#u=x');
  });
  test('text that means something in addresses stays text', () => {
    setFragment({ u: 'https://a.example/?x=1&y=2#z' });
    expect(place.value.fragment.get('u')).toBe('https://a.example/?x=1&y=2#z');
    expect(location.hash).not.toContain('&y=2');
  });
  test('going somewhere changes what is shown', () => {
    go('/a/acme/test?x=1');
    expect([place.value.path, place.value.query.get('x')]).toEqual(['/a/acme/test', '1']);
    expect(location.pathname).toBe('/hw/console/a/acme/test');
  });
});
