// Where the console and the API are: whatever stands in front of /console belongs to a proxy.
const found = /^(.*?)\/console(?:\/|$)/.exec(location.pathname);

export const publicPath = found?.[1] ?? '';
export const consoleRoot = `${publicPath}/console`;
export const apiRoot = `${location.origin}${publicPath}`;
