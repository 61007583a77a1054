"""Certificates for tests, made by the openssl command."""
import pathlib
import ssl
import subprocess


def openssl(*arguments, home: pathlib.Path, stdin: str = None) -> subprocess.CompletedProcess:
    return subprocess.run(["openssl", *map(str, arguments)], cwd=home, input=stdin, capture_output=True, text=True, timeout=30)


def run(home: pathlib.Path, *arguments):
    done = openssl(*arguments, home=home)
    if done.returncode != 0:
        raise AssertionError(f"openssl {arguments}\n{done.stderr}")


class Authority:
    """A root with an intermediate that signs for localhost. Its files are in `home`, which must exist."""

    NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")

    def __init__(self, home):
        self.home = pathlib.Path(home)
        run(self.home, "req", "-x509", *self.NEW_KEY, "-keyout", "root.key", "-out", "root.crt", "-days", "2", "-subj", "/CN=root")
        self._sign("middle", "root", "basicConstraints=critical,CA:TRUE")

    def _sign(self, name: str, issuer: str, extension: str, days: int = 2):
        run(self.home, "req", *self.NEW_KEY, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        (self.home / f"{name}.ext").write_text(extension + "\n")
        run(self.home, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.crt", "-CAkey", f"{issuer}.key", "-CAcreateserial",
            "-days", days, "-extfile", f"{name}.ext", "-out", f"{name}.crt")

    def make(self, name: str, days: int = 2) -> tuple:
        """A chain for localhost and its key: (file, file)."""
        self._sign(name, "middle", "subjectAltName=DNS:localhost,IP:127.0.0.1", days)
        chain = self.home / f"{name}.chain"
        chain.write_text((self.home / f"{name}.crt").read_text() + (self.home / "middle.crt").read_text())
        return chain, self.home / f"{name}.key"

    def trust(self) -> ssl.SSLContext:
        """For clients that trust the root alone, and check the name."""
        return ssl.create_default_context(cafile=self.home / "root.crt")
