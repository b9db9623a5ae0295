"""Seals as Keytrace does, with PyPI's `cryptography` (any version from 41), and prints the known answers of
core/src/seal/tests.rs: commitment, ciphertext with tag, SHA-256 of the whole blob."""

import hashlib
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFHMAC, CounterLocation, Mode


def derive(key, label, context, length):
    return KBKDFHMAC(
        algorithm=hashes.SHA256(), mode=Mode.CounterMode, length=length, rlen=4, llen=4,
        location=CounterLocation.BeforeFixed, label=label, context=context, fixed=None,
    ).derive(key)


def aad(context):
    if not context:
        return b""
    encoded = struct.pack(">H", len(context))
    for pair in sorted((key.encode(), value.encode()) for key, value in context.items()):
        for text in pair:
            encoded += struct.pack(">H", len(text)) + text
    return encoded


def seal(material, arn, nonce, iv, plaintext, context):
    associated, arn = aad(context), arn.encode()
    material_id = derive(material, b"keytrace/v1/key-material-id", arn, 32)
    header = b"KTC\x01\x01\x00" + struct.pack(">H", len(arn)) + arn + material_id + nonce + iv
    keys = derive(material, b"keytrace/v1/encrypt", header + hashlib.sha256(associated).digest(), 64)
    return header + keys[32:] + AESGCM(keys[:32]).encrypt(iv, plaintext, associated)


if __name__ == "__main__":
    ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    for context, plaintext in [
        ({}, b"\0"),
        ({"tenant": "a", "Purpose": "test", "😀": "～"}, b"hello keytrace"),
        ({"a": "bc"}, bytes(4096)),
    ]:
        blob = seal(bytes(range(32)), ARN, bytes(range(0x40, 0x50)), bytes(range(0x80, 0x8C)), plaintext, context)
        sealed = blob[-(len(plaintext) + 16):]
        print(blob[143:175].hex(), sealed[-32:].hex(), hashlib.sha256(blob).hexdigest())
