"""Signature and envelope (签名与加解密): WeChat's side of the callback protocol, written independently."""

from __future__ import annotations

import base64
import binascii
import os
import struct
from dataclasses import dataclass, field
from hashlib import sha1
from hmac import compare_digest

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32  # WeChat pads to 32 bytes although AES blocks are 16


class EnvelopeError(ValueError):
    """密文有误: a sealed text that cannot be opened; the text says at which step."""


def sign(*parts: str) -> str:
    """Return WeChat's signature of some strings: SHA-1 over them, sorted and joined."""
    return sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Envelope:
    """信封: seals and opens texts for one account. aes_key is the 43-character EncodingAESKey."""

    aes_key: str = field(repr=False)
    app_id: str

    def seal(self, text: str) -> str:
        """Return the text encrypted as WeChat does it, in Base64."""
        body = text.encode()
        # Sixteen random bytes come first; without them equal messages would give equal ciphertexts.
        plain = os.urandom(16) + struct.pack(">I", len(body)) + body + self.app_id.encode()
        return base64.b64encode(self.seal_bytes(plain)).decode()

    def seal_bytes(self, plain: bytes) -> bytes:
        """Return bytes encrypted with nothing around them, as the pictures of a group bot are."""
        # A full last block is followed by a whole block of padding, or nobody could tell padding from text.
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        return encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()

    def open(self, sealed: str) -> str:
        """Return the text inside. Raises EnvelopeError when it is damaged or made for another account."""
        plain = self._decrypt(sealed)
        length = struct.unpack(">I", plain[16:20])[0]
        body, owner = plain[20 : 20 + length], plain[20 + length :]
        if len(body) != length or not compare_digest(owner, self.app_id.encode()):
            raise EnvelopeError("length or AppID inside the envelope is wrong")
        try:
            return body.decode()
        except UnicodeDecodeError as error:
            raise EnvelopeError("the text inside is not UTF-8") from error

    def _decrypt(self, sealed: str) -> bytes:
        try:
            raw = base64.b64decode(sealed, validate=True)
            decryptor = self._cipher().decryptor()
            padded = decryptor.update(raw) + decryptor.finalize()
        except (binascii.Error, ValueError) as error:
            raise EnvelopeError("not Base64 of whole AES blocks") from error
        pad = padded[-1] if padded else 0
        if not 1 <= pad <= _BLOCK or padded[-pad:] != bytes([pad]) * pad or len(padded) - pad < 20:
            raise EnvelopeError("padding is wrong")
        return padded[:-pad]

    def _cipher(self) -> Cipher[modes.CBC]:
        # The 43 characters are Base64 whose single "=" WeChat leaves off. The IV is part of the key: its protocol.
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
