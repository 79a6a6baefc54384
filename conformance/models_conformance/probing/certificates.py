"""Whom to believe that they are the server, and who the suite is: the contexts of TLS.

Certificates are verified unless the user says otherwise. The variables that name certificates of one's own are those of
OpenSSL, curl and requests; where none is set, the system's store says who is believed.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models_conformance.errors import UsageError
from models_conformance.support.reading import UnreadableError, read_bounded

FILE_VARIABLES = ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
FOLDER_VARIABLE = "SSL_CERT_DIR"
# Stores of whole systems hold a quarter of a megabyte.
_MOST_BYTES = 16 << 20
# RFC 7468: the label line of a certificate, as OpenSSL reads it.
_CERTIFICATE = re.compile(rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----")

Remedy = Literal["", "name-its-ca", "another-certificate", "another-name", "show-a-certificate"]
"""What would help where TLS fails: the option is named by the frontend, each in its spelling."""

# What a server says to a client that shows no certificate, or one that it does not believe (RFC 8446, 6.2).
_ASKS_FOR_CERTIFICATE = re.compile(r"ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA)")
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"})


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """Files in PEM: the certificate that is shown to the server, and its key, None where the same file holds it.

    `named` is the option that names them.
    """

    certificate: str
    key: str | None
    named: str


@dataclass(frozen=True, slots=True)
class Source:
    """Certificates that are believed: `path`, a file or a folder, and what `named` it, an option or a variable."""

    path: str
    named: str

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of certificates under their hashes."""
        return os.path.isdir(self.path)


@dataclass(frozen=True, slots=True)
class CertificateProblem:
    """Why a certificate or TLS was refused, in one clause, and what would help."""

    reason: str
    remedy: Remedy


_UNKNOWN_SIGNER = CertificateProblem("its certificate is signed by a CA that is not trusted here", "name-its-ca")
_OTHER_HOST = CertificateProblem("its certificate is for another host", "another-name")
# By OpenSSL's X509_V_ERR_* numbers. Who signed it is unknown in several ways in which that can be found out.
_UNVERIFIED: Mapping[int, CertificateProblem] = {
    **dict.fromkeys((2, 19, 20, 21), _UNKNOWN_SIGNER),
    9: CertificateProblem("its certificate is not valid yet", "another-certificate"),
    10: CertificateProblem("its certificate has expired", "another-certificate"),
    18: CertificateProblem("its certificate is self-signed", "name-its-ca"),
    **dict.fromkeys((62, 64), _OTHER_HOST),
}


def named_by(environment: Mapping[str, str]) -> Iterator[Source]:
    """The certificates that the variables of an environment name; none where the system's store holds.

    Several variables add to each other: images of containers set some of them, and a user the one that they know.
    """
    seen = set()
    for name in FILE_VARIABLES:
        path = environment.get(name)
        if path and os.path.realpath(path) not in seen:
            seen.add(os.path.realpath(path))
            yield Source(path, f"${name}")
    listed = [path for path in environment.get(FOLDER_VARIABLE, "").split(os.pathsep) if path]
    # As for OpenSSL, one of several may be missing.
    for path in [path for path in listed if os.path.isdir(path)] or listed:
        yield Source(path, f"${FOLDER_VARIABLE}")


def private(believed: tuple[Source, ...]) -> Iterator[Source]:
    """The sources that are not the system's own store: what curl has to be told of."""
    paths = ssl.get_default_verify_paths()
    for source in believed:
        real = os.path.realpath(source.path)
        folder = real if source.is_folder else os.path.dirname(real)
        if real != os.path.realpath(paths.openssl_cafile) and folder != os.path.realpath(paths.openssl_capath):
            yield source


def verifying(believed: tuple[Source, ...], shown: ClientCertificate | None = None) -> ssl.SSLContext:
    """A context that verifies certificates against the sources, or against the system's store where there is none.

    `shown` is the certificate that the server is shown. Raises UsageError for a file that is no such thing.
    """
    context: ssl.SSLContext
    if believed:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # As curl does: whoever is believed need not have signed themselves.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        for source in believed:
            _believe(context, source)
    else:
        import truststore  # The system's own verifier; half of the runs need none.

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return _showing(context, shown)


def unverified(shown: ClientCertificate | None = None) -> ssl.SSLContext:
    """A context that believes everybody. Raises UsageError as `verifying` does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _showing(context, shown)


def _believe(context: ssl.SSLContext, source: Source) -> None:
    if source.is_folder:
        context.load_verify_locations(capath=source.path)
        return
    data = _read(source.path, source.named)
    if not _CERTIFICATE.search(data):
        raise UsageError(f"{source.named} {source.path}: holds no certificate in PEM form")
    try:
        # Comments between the certificates may be in any language.
        context.load_verify_locations(cadata=data.decode("ascii", "ignore"))
    except ssl.SSLError as problem:
        raise UsageError(f"{source.named} {source.path}: holds a broken certificate ({problem.reason})") from None


def _showing(context: ssl.SSLContext, shown: ClientCertificate | None) -> ssl.SSLContext:
    if shown is None:
        return context
    name = shown.named
    for path in (shown.certificate, shown.key):
        if path is not None:
            _read(path, name)

    def locked() -> str:
        raise UsageError(f"{name} {shown.key or shown.certificate}: the key is encrypted; give one that is not")

    try:
        context.load_cert_chain(shown.certificate, shown.key, password=locked)
    except ssl.SSLError as problem:
        if problem.reason == "KEY_VALUES_MISMATCH":
            raise UsageError(f"{name} {shown.certificate}: the key belongs to another certificate") from None
        raise UsageError(f"{name} {shown.certificate}: expected a certificate and its key in PEM form") from None
    return context


def _read(path: str, named: str) -> bytes:
    try:
        return read_bounded(Path(path), _MOST_BYTES)
    except UnreadableError as problem:
        raise UsageError(f"{named} {path}: {problem}") from None


def explained(problem: BaseException) -> CertificateProblem | None:
    """What an error of a connection says about certificates; None where it is about something else."""
    cause: BaseException | None = problem
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        unknown = CertificateProblem(f"its certificate cannot be verified ({cause.verify_message})", "name-its-ca")
        return _UNVERIFIED.get(cause.verify_code, unknown)
    reason = (cause.reason or "") if cause is not None else ""
    if _ASKS_FOR_CERTIFICATE.search(reason):
        return CertificateProblem("the server asks for a client certificate that it trusts", "show-a-certificate")
    if reason.endswith("ALERT_HANDSHAKE_FAILURE"):
        # Before TLS 1.3 this says both that a certificate is missing and that no cipher is shared.
        return CertificateProblem(
            "the server closes the connection, as one does that asks for a client certificate", "show-a-certificate"
        )
    if reason in _NO_TLS:
        return CertificateProblem("the server does not speak TLS; is it an http:// URL?", "")
    return None
