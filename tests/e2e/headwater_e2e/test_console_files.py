"""The console as files: where it is, how it is coded and kept, and what its page may do."""
import gzip
import re

from .case import Case
from .program import Program, run_command

POLICY = {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'", "font-src": "'self'",
          "connect-src": "'self'", "manifest-src": "'self'", "base-uri": "'none'", "form-action": "'none'",
          "frame-ancestors": "'none'", "require-trusted-types-for": "'script'", "trusted-types": "'none'"}


class Files(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls.acct.program.client(token=None)
        cls.whole = "console: yes" in run_command("--version").stdout

    def get(self, path, status=200, **headers):
        return self.expect(self.client.request("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()}), status)

    def files(self, page):
        """What the page names."""
        return re.findall(r'(?:src|href)="(/[^"]+)"', page)

    def a_script(self):
        if not self.whole:
            self.skipTest("the program was built without the console")
        return next(name for name in self.files(self.get("/console/").body.decode()) if name.endswith(".js"))

    def test_the_root_leads_to_the_console_below_any_path_of_a_proxy(self):
        for path, status in (("/", 303), ("/console", 308)):
            answer = self.get(path, status)
            self.assertEqual((answer.header("Location"), answer.body), ("console/", b""))
        self.get("//", 404)

    def test_the_page_needs_no_token_and_may_only_run_its_own_scripts(self):
        answer = self.get("/console/")
        self.assertEqual(answer.header("Content-Type"), "text/html; charset=utf-8")
        policy = dict(part.strip().split(" ", 1) for part in answer.header("Content-Security-Policy").split(";"))
        self.assertEqual(policy, POLICY)
        self.assertEqual(answer.header("Referrer-Policy"), "no-referrer")
        self.assertEqual(answer.header("Cross-Origin-Opener-Policy"), "same-origin")
        self.assertEqual(answer.header("Permissions-Policy"), "")
        self.assertEqual(answer.header("X-Content-Type-Options"), "nosniff")
        self.assertEqual(answer.header("Cache-Control"), "no-cache")
        self.assertNotIn("<script>", answer.body.decode(), "inline scripts would not run")
        self.assertNotIn("style=", answer.body.decode())

    def test_links_into_the_console_are_its_page_and_missing_files_are_404(self):
        page = self.get("/console/").body
        for path in ("a/acme/rules", "a/acme/rules/mapping/12?tab=edit", "ops/tokens", "a/a%20b/test", "sign-in"):
            self.assertEqual(self.get(f"/console/{path}").body, page, path)
        for path in ("assets/main-00000000.js", "favicon.ico", "assets/", "assets/x", "a/acme/x.map", "..%2fopenapi.json", "../openapi.json.js"):
            self.get(f"/console/{path}", 404)
        self.get("/api/v1/console/", 404)
        self.get("/v1/console/", 404)

    def test_other_methods_are_405_and_head_is_a_get_without_a_body(self):
        self.assertEqual(self.expect(self.client.post("/console/a", {}), 405).header("Allow"), "GET, HEAD, OPTIONS")
        got, head = self.get("/console/"), self.expect(self.client.request("HEAD", "/console/"), 200)
        self.assertEqual((head.header("ETag"), head.header("Content-Length"), head.body), (got.header("ETag"), got.header("Content-Length"), b""))

    def test_all_that_the_page_names_is_there_and_what_has_a_hash_is_kept(self):
        self.a_script()
        named = self.files(self.get("/console/").body.decode())
        self.assertGreaterEqual(len(named), 3)
        for name in named:
            answer = self.get(name)
            kept = "public, max-age=31536000, immutable" if "/assets/" in name else "no-cache"
            self.assertEqual(answer.header("Cache-Control"), kept, name)
            self.assertIsNone(answer.header("Content-Security-Policy"))

    def test_each_coding_has_its_tag_and_the_client_chooses(self):
        script = self.a_script()
        plain = self.get(script)
        self.assertEqual((plain.header("Content-Encoding"), plain.header("Vary")), (None, "Accept-Encoding"))
        zipped = self.get(script, Accept_Encoding="gzip")
        self.assertEqual((zipped.header("Content-Encoding"), gzip.decompress(zipped.body)), ("gzip", plain.body))
        for accepted in ("gzip, br", "br", "gzip;q=0.5, br;q=0.5", "gzip;q=0, br"):
            small = self.get(script, Accept_Encoding=accepted)
            self.assertEqual(small.header("Content-Encoding"), "br", accepted)
            self.assertLess(len(small.body), len(zipped.body))
        for accepted, coding in (("br;q=0, gzip", "gzip"), ("br;q=0.1, gzip", "gzip"), ("br;q=0", None), ("identity", None), ("deflate", None)):
            self.assertEqual(self.get(script, Accept_Encoding=accepted).header("Content-Encoding"), coding, accepted)
        tag = plain.header("ETag")
        self.assertRegex(tag, r'^"[0-9a-f]{20}"$')
        self.assertEqual(zipped.header("ETag"), tag[:-1] + '-gz"')
        self.assertEqual(small.header("ETag"), tag[:-1] + '-br"')
        self.get(script, Accept_Encoding="br", If_None_Match=tag)  # it holds other bytes
        for given in (small.header("ETag"), f'"x", W/{small.header("ETag")}'):
            same = self.get(script, 304, Accept_Encoding="br", If_None_Match=given)
            self.assertEqual((same.body, same.header("ETag"), same.header("Content-Encoding")), (b"", small.header("ETag"), None))
        self.get(script, If_None_Match='"x"')

    def test_the_document_of_the_api_is_for_programs_and_has_no_pages(self):
        self.assertEqual([path for path in self.get("/openapi.json").json()["paths"] if path == "/" or "console" in path], [])


class BelowAProxysPath(Case):
    def test_the_page_names_its_files_below_it(self):
        with Program("--public-path", "/tools/hw") as program:
            page = self.expect(program.client(token=None).get("/console/"), 200)
            for name in re.findall(r'(?:src|href)="([^"]+)"', page.body.decode()):
                if not name.startswith("../"):
                    self.assertTrue(name.startswith("/tools/hw/console/"), name)
            self.assertEqual(self.expect(program.client(token=None).request("GET", "/console/", None, {"If-None-Match": page.header("ETag")}), 304).body, b"")

    def test_what_is_no_path_is_refused_at_the_start(self):
        for path in ("hw", "/hw/", "//hw", "/h w", '/"><script>', "/a?b", "/a#b", "/%2e"):
            refused = run_command("serve", "--data", "/nowhere", "--public-path", path)
            self.assertNotEqual(refused.returncode, 0, path)
            self.assertIn("is not a path such as /hw", refused.stderr, path)
