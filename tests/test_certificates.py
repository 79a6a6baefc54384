"""Certificates are verified by the CAs that a user names; where they are not, a line says why and what would help."""

from __future__ import annotations

import json
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

import models_conformance
from models_conformance.errors import UsageError
from models_conformance.reference.server.serving import behaviour_named, running
from tests import sweeps
from tests.test_cli import code_of, refused
from tests.tls_front import front

FEW = ("--api-key", "reference-key", "--only", "cursor", "--examples", "0")
VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "https_proxy")
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A CA of one's own, whose certificate is `ca.pem` in the current folder."""
    monkeypatch.chdir(tmp_path)
    made = trustme.CA()
    made.cert_pem.write_to_path("ca.pem")
    return made


@contextmanager
def served(
    certificate: trustme.LeafCert,
    fault: str = "ideal",
    asks_of: trustme.CA | None = None,
    version: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED,
) -> Iterator[str]:
    """The reference server behind TLS; yields its URL. With `asks_of`, it asks for a certificate that the CA signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = version
    certificate.configure_cert(context)
    if asks_of is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        asks_of.configure_trust(context)
    with running(behaviour_named(fault, 5)) as server, front(server.url, context) as port:
        yield f"https://localhost:{port}"


def self_signed(folder: Path, host: str = "localhost", leaf: bool = False) -> trustme.LeafCert:
    """A certificate that nobody but itself has signed: `ca.pem` is the certificate of `openssl req -x509`."""
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={host} -addext subjectAltName=DNS:{host}"
    words = [*command.split(), *(["-addext", "basicConstraints=critical,CA:FALSE"] if leaf else [])]
    paths = [folder / "key.pem", folder / "ca.pem"]
    subprocess.run([*words, "-keyout", paths[0], "-out", paths[1]], check=True, capture_output=True)
    return trustme.LeafCert(paths[0].read_bytes(), paths[1].read_bytes(), [])


@pytest.mark.parametrize(
    ("kind", "name"),
    sweeps.crossed(
        [("signed by a CA",), ("self-signed",), ("self-signed and no CA",)],
        ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "--ca"],
    ),
)
def test_a_private_certificate_is_believed_where_it_is_named(
    kind: str, name: str, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = authority.issue_cert("localhost") if "by" in kind else self_signed(tmp_path, leaf="no" in kind)
    if name != "--ca":
        monkeypatch.setenv(name, "ca.pem")
    with served(certificate) as url:
        assert code_of("server", url, *FEW, *(["--ca", "ca.pem"] if name == "--ca" else [])) == 0


def test_a_folder_of_certificates_under_their_hashes_is_believed(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "store").mkdir()
    authority.cert_pem.write_to_path("store/ca.pem")
    subprocess.run(["openssl", "rehash", "store"], check=True)
    monkeypatch.setenv("SSL_CERT_DIR", "missing:store")
    with served(authority.issue_cert("localhost")) as url:
        assert code_of("server", url, *FEW) == 0


def test_variables_add_to_each_other_and_the_option_stands_alone(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trustme.CA().cert_pem.write_to_path("other.pem")
    monkeypatch.setenv("SSL_CERT_FILE", "other.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "ca.pem")
    with served(authority.issue_cert("localhost")) as url:
        assert code_of("server", url, *FEW) == 0
        capsys.readouterr()
        assert "is not trusted here" in refused(capsys, "server", url, *FEW, "--ca", "other.pem")


@pytest.mark.parametrize("kind", ["self-signed", "unknown", "expired", "another host"])
def test_a_certificate_that_fails_is_told_by_its_kind_with_advice(
    kind: str, authority: trustme.CA, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kinds: dict[str, tuple[Callable[[], trustme.LeafCert], list[str], str, str]] = {
        "self-signed": (lambda: self_signed(tmp_path), [], "is self-signed", "--ca FILE"),
        "unknown": (lambda: authority.issue_cert("localhost"), [], "is not trusted here", "--ca FILE"),
        "expired": (
            lambda: authority.issue_cert("localhost", not_after=YESTERDAY, not_before=YESTERDAY - timedelta(days=1)),
            ["--ca", "ca.pem"],
            "has expired",
            "renew",
        ),
        "another host": (lambda: authority.issue_cert("h.example"), ["--ca", "ca.pem"], "another host", "by a name"),
    }
    certificate, words, said, advice = kinds[kind]
    with served(certificate()) as url:
        line = refused(capsys, "server", url, *FEW, *words)
        assert f"{url}: no connection: its certificate " in line
        assert said in line
        assert advice in line
        assert "--insecure" in line
        assert code_of("server", url, *FEW, "--insecure") == 0


def test_every_report_says_that_nothing_was_verified(
    authority: trustme.CA, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = {name: tmp_path / f"result.{name}" for name in ("json", "junit", "html", "markdown", "badge")}
    words = [word for name, path in outputs.items() for word in (f"--{name}", str(path))]
    with served(authority.issue_cert("localhost")) as url:
        assert code_of("server", url, *FEW, "--insecure", *words) == 0
        told = capsys.readouterr().out
        assert code_of("server", url, *FEW, "--insecure", "-q") == 0
        quiet = capsys.readouterr().out
        assert code_of("server", url, *FEW, "--ca", "ca.pem") == 0
        assert "certificate" not in capsys.readouterr().out
    for text in (told, quiet, *(path.read_text() for name, path in outputs.items() if name not in ("json", "badge"))):
        assert "no certificate verified" in text
    assert json.loads(outputs["badge"].read_text())["message"].endswith(", insecure")
    document = json.loads(outputs["json"].read_text())
    assert document["run"]["insecure"] is True
    assert "No certificate was verified" in document["notes"][0]


@pytest.mark.parametrize(
    "words",
    [["--insecure"], ["--ca", "ca.pem"], ["$SSL_CERT_FILE"], ["--ca", "ca.pem", "--client-cert", "a:b.pem:me.key"]],
    ids=" ".join,
)
def test_the_line_that_repeats_a_request_verifies_as_the_run_did(
    words: list[str], authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = authority.issue_cert("me.example")
    mine.cert_chain_pems[0].write_to_path("a:b.pem")
    mine.private_key_pem.write_to_path("me.key")
    if words[0].startswith("$"):
        monkeypatch.setenv(words[0].removeprefix("$"), "ca.pem")
        words = []
    asks_of = authority if "--client-cert" in words else None
    path = tmp_path / "result.json"
    with served(authority.issue_cert("localhost"), "after-id-is-inclusive", asks_of) as url:
        assert code_of("server", url, *FEW, *words, "--json", str(path)) == 1
        document = json.loads(path.read_text())
        line = next(finding["reproduce"] for entry in document["requirements"] for finding in entry["findings"])
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "reference-key")
        ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("HTTP/1.1 200")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_server_that_asks_for_a_certificate_is_shown_one(
    version: ssl.TLSVersion, authority: trustme.CA, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = authority.issue_cert("me.example")
    mine.private_key_and_cert_chain_pem.write_to_path("both.pem")
    with served(authority.issue_cert("localhost"), asks_of=authority, version=version) as url:
        assert code_of("server", url, *FEW, "--ca", "ca.pem", "--client-cert", "both.pem") == 0
        capsys.readouterr()
        line = refused(capsys, "server", url, *FEW, "--ca", "ca.pem")
    assert "asks for a client certificate" in line
    assert "--client-cert FILE[:KEY]" in line


def encrypted(certificate: trustme.LeafCert) -> bytes:
    """A key that nobody can use without its password."""
    key = serialization.load_pem_private_key(certificate.private_key_pem.bytes(), None)
    sealed = serialization.BestAvailableEncryption(b"pass-word")
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, sealed)


def test_files_that_are_no_certificates_are_refused_in_one_line(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, other = authority.issue_cert("me.example"), authority.issue_cert("other.example")
    mine.cert_chain_pems[0].write_to_path("me.pem")
    other.private_key_pem.write_to_path("other.key")
    (tmp_path / "locked.key").write_bytes(encrypted(mine))
    (tmp_path / "text.pem").write_text("no certificate")
    broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    (tmp_path / "broken.pem").write_text(broken)
    for words, said in (
        (["--ca", "missing.pem"], "--ca missing.pem: cannot be read"),
        (["--ca", "text.pem"], "--ca text.pem: holds no certificate"),
        (["--ca", "broken.pem"], "--ca broken.pem: holds a broken certificate"),
        (["--ca", "/dev/zero"], "--ca /dev/zero: is a device"),
        (["--ca", ""], "--ca needs the name of a file"),
        (["--ca", "ca.pem", "--insecure"], "contradict"),
        (["--client-cert", "missing.pem"], "--client-cert missing.pem: cannot be read"),
        (["--client-cert", "me.pem"], "expected a certificate and its key"),
        (["--client-cert", "me.pem:other.key"], "the key belongs to another certificate"),
        (["--client-cert", "me.pem:locked.key"], "the key is encrypted"),
        (["--client-cert", "me.pem:"], "expected FILE or FILE:KEY"),
        (["--client-cert", ""], "expected FILE or FILE:KEY"),
    ):
        assert said in refused(capsys, "server", "https://127.0.0.1:9", *words)
    for name in ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        with monkeypatch.context() as patch:
            patch.setenv(name, "missing.pem")
            assert f"${name} missing.pem: cannot be read" in refused(capsys, "server", "https://127.0.0.1:9")
    for option in (["--insecure"], ["--ca", "ca.pem"], ["--client-cert", "me.pem"]):
        assert f"{option[0]} goes with a URL" in refused(capsys, "server", *option)


def test_what_speaks_no_tls_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    with running(behaviour_named("ideal", 1)) as server:
        line = refused(capsys, "server", server.url.replace("http:", "https:"))
    assert "does not speak TLS" in line


def test_the_library_and_pytest_believe_the_same(
    authority: trustme.CA, tmp_path: Path, pytester: pytest.Pytester
) -> None:
    mine = authority.issue_cert("me.example")
    mine.cert_chain_pems[0].write_to_path(tmp_path / "me.pem")
    mine.private_key_pem.write_to_path(tmp_path / "me.key")
    ca, shown = tmp_path / "ca.pem", (tmp_path / "me.pem", tmp_path / "me.key")
    with served(authority.issue_cert("localhost"), asks_of=authority) as url:
        few = {"api_key": "reference-key", "only": ["cursor"], "examples": 0}
        judge = models_conformance.judge_server
        assert judge(url, ca=ca, client_cert=shown, **few).run.verdict == "passed"  # type: ignore[arg-type]
        assert judge(url, insecure=True, client_cert=shown, **few).run.insecure  # type: ignore[arg-type]
        with pytest.raises(UsageError, match="is not trusted here"):
            judge(url, **few)  # type: ignore[arg-type]
        words = ["--pyargs", "models_conformance.suites.server", "-p", "no:cacheprovider", "--target", url]
        options = ["--models-only", "cursor", "--models-examples", "0", "--models-api-key", "reference-key"]
        client = f"--models-client-cert={shown[0]}:{shown[1]}"
        ran = pytester.runpytest_inprocess(*words, *options, f"--models-ca={ca}", client)
        assert ran.ret == 0
        ran = pytester.runpytest_inprocess(*words, *options)
        assert ran.ret == 2
        ran.stdout.fnmatch_lines(["*name the CA with --models-ca FILE*--models-insecure judges*"])


def test_record_believes_the_same(authority: trustme.CA, tmp_path: Path) -> None:
    with served(authority.issue_cert("localhost")) as url:
        assert code_of("record", url, "-o", str(tmp_path / "cassettes"), *FEW, "--ca", "ca.pem") == 0
