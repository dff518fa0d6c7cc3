"""消息加解密: the signature and the AES envelope that WeChat and WeCom share.

Own code on `cryptography`, because wechatpy's codec compares signatures in variable time, lets padding
and length go unchecked, and draws its random bytes from a predictable source.
"""

import binascii
import hmac
import os
import struct
from hashlib import sha1
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

# WeChat pads to twice the AES block: plain PKCS#7 readers accept 1-16 only and fail on half of all messages.
PAD_BLOCK = 32
_RANDOM = 16
_HEAD = _RANDOM + 4
_LENGTH = struct.Struct(">I")
_PADS = [bytes([size]) * size for size in range(PAD_BLOCK + 1)]


class CodecError(Exception):
    """解密失败: an envelope that cannot be opened; says which check failed, never what was inside."""


class Codec:
    """加解密器: signs, checks, seals and opens for one account; safe to share between threads."""

    def __init__(self, token: str, aes_key: str | None, app_id: str) -> None:
        """Take the Token, the 43-character EncodingAESKey (None in plain mode) and the AppID or CorpID.

        Raises ValueError when the key is not 43 base64 characters.
        """
        self._token = token
        self._owner = app_id.encode()
        self._cipher: Cipher[Any] | None = _cipher(aes_key) if aes_key else None

    @property
    def has_key(self) -> bool:
        """Tell whether envelopes can be opened and sealed at all."""
        return self._cipher is not None

    def signature(self, *parts: str) -> str:
        """签名: SHA-1 of the token and the parts, sorted and joined, as 40 hex digits."""
        joined = "".join(sorted((self._token, *parts)))
        return sha1(joined.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()

    def is_signed(self, signature: str | None, *parts: str | None) -> bool:
        """Compare in constant time; anything missing or odd is simply not signed."""
        if not isinstance(signature, str) or not all(isinstance(part, str) for part in parts):
            return False
        wanted = self.signature(*(part for part in parts if part is not None))
        return hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "surrogatepass"))

    def decrypt(self, cipher_b64: str) -> str:
        """解密: the text in the envelope; raises CodecError for whatever is wrong with it."""
        plain = self._open(cipher_b64)
        pad = _padding(plain)
        end = _HEAD + int.from_bytes(plain[_RANDOM:_HEAD], "big")
        # The AppID check also proves the length field: any other length shifts the owner's name.
        if plain[end : len(plain) - pad] != self._owner or end > len(plain) - pad:
            raise CodecError("length or AppID is wrong: the envelope was made for another account")
        try:
            return plain[_HEAD:end].decode()
        except UnicodeDecodeError as error:
            raise CodecError("the text in the envelope is not UTF-8") from error

    def encrypt(self, text: str) -> str:
        """加密: a base64 envelope around the text; raises CodecError without a key."""
        if self._cipher is None:
            raise CodecError("no EncodingAESKey is configured")
        said = text.encode("utf-8", "replace")
        plain = b"".join((os.urandom(_RANDOM), _LENGTH.pack(len(said)), said, self._owner))
        sealer = self._cipher.encryptor()
        sealed = sealer.update(plain + _PADS[PAD_BLOCK - len(plain) % PAD_BLOCK]) + sealer.finalize()
        return binascii.b2a_base64(sealed, newline=False).decode("ascii")

    def decrypt_file(self, sealed: bytes) -> bytes:
        """解密文件: a picture out of a group, which comes sealed without any envelope; raises CodecError."""
        plain = self._unseal(sealed)
        return plain[: len(plain) - _padding(plain)]

    def _open(self, cipher_b64: str) -> bytes:
        try:
            sealed = binascii.a2b_base64(cipher_b64, strict_mode=True)
        except ValueError as error:
            raise CodecError("the envelope is not base64") from error
        return self._unseal(sealed)

    def _unseal(self, sealed: bytes) -> bytes:
        if self._cipher is None:
            raise CodecError("no EncodingAESKey is configured")
        if len(sealed) < PAD_BLOCK or len(sealed) % 16:
            raise CodecError("the envelope has an impossible size")
        opener = self._cipher.decryptor()
        return bytes(opener.update(sealed) + opener.finalize())


def _padding(plain: bytes) -> int:
    """How many bytes at the end are padding."""
    pad = plain[-1]
    if not 1 <= pad <= PAD_BLOCK or not plain.endswith(_PADS[pad]):
        raise CodecError("padding is wrong: probably another EncodingAESKey")
    return pad


def _cipher(aes_key: str) -> Cipher[Any]:
    try:
        key = binascii.a2b_base64(aes_key + "=")
    except ValueError as error:
        raise ValueError("EncodingAESKey is not base64") from error
    if len(aes_key) != 43 or len(key) != 32:
        raise ValueError("EncodingAESKey must be 43 characters of base64")
    return Cipher(AES(key), CBC(key[:16]))
