import { defineConfig } from 'vite';

// The console is served below /console/ of the API, and the API may itself be below a proxy's path. So the page names
// its files by the path that the server rewrites (`base`), and they name each other relatively.
const api = process.env.HEADWATER_URL ?? 'http://127.0.0.1:8080';
const proxied = {
  // Everything that is not the console belongs to the program.
  '^/(?!console(/|$)|@|src/|node_modules/)': { target: api, changeOrigin: false },
};

// What the server sends with index.html. `vite preview` sends it too, so a violation is seen before it is shipped.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types 'none'";

export default defineConfig({
  base: '/console/',
  build: {
    target: 'es2022',
    manifest: 'manifest.json',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssMinify: 'lightningcss',
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // Every page is called page.tsx; its folder says which.
        chunkFileNames: ({ facadeModuleId }) =>
          facadeModuleId?.endsWith('/page.tsx') ? `assets/${facadeModuleId.split('/').at(-2)}-[hash].js` : 'assets/[name]-[hash].js',
      },
    },
  },
  experimental: {
    renderBuiltUrl: (_file, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  server: { proxy: proxied },
  preview: {
    proxy: proxied,
    headers: {
      'Content-Security-Policy': policy,
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
    },
  },
});
