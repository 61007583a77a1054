// The time by the server's clock. A reader's own may be minutes off, and then "in 9 min" would stand beside a change that
// somebody has just made, and reports would end with the wrong day.
let ahead = 0;

// `Date` has whole seconds, and an answer takes a moment to come.
const unnoticed = 60_000;

/** Takes the `Date` of an answer (RFC 9110, section 6.6.1). */
export function hearDate(header: string | null) {
  const difference = Date.parse(header ?? '') - Date.now();
  if (Number.isFinite(difference)) ahead = Math.abs(difference) < unnoticed ? 0 : difference;
}

/** Milliseconds since 1970. */
export const serverNow = () => Date.now() + ahead;
