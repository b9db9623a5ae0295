#!/usr/bin/env python3
"""Makes foreign.json: keys, signatures and ciphertexts of libraries that share nothing with ours.

    pip install cryptography pycryptodome
    python3 foreign.py > foreign.json

`cryptography` is OpenSSL. It has no Ed25519ph, so that one is PyCryptodome's. Every run makes other keys. They are
test keys and nobody's secret.
"""

import base64
import json

import Crypto
import cryptography
from Crypto.Hash import SHA512
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

MESSAGES = {
    "short": "Für die Unterschrift: nobody reads this.\n".encode(),
    "long": bytes(range(256)) * 16,  # 4,096 bytes, the most that KMS takes
}
MESSAGE, LONG = MESSAGES.values()
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


def text(data):
    return base64.b64encode(data).decode()


def digest(hash, message):
    context = hashes.Hash(hash)
    context.update(message)
    return context.finalize()


def pss(hash, salt):
    return padding.PSS(padding.MGF1(hash), salt)


def entry(key, algorithm, hash, sign, by="OpenSSL"):
    """Of both messages, and of the digest of one, which the library then does not compute."""
    made = {"key": key, "by": by, "algorithm": algorithm}
    return [
        *({**made, "of": name, "signature": text(sign(message, hash))} for name, message in MESSAGES.items()),
        {**made, "digest": text(digest(hash, MESSAGE)), "signature": text(sign(digest(hash, MESSAGE), utils.Prehashed(hash)))},
    ]


keys, signatures, refused, ciphertexts = {}, [], [], []


def add(spec, key):
    keys[spec] = {
        "pkcs8": text(key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())),
        "spki": text(key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)),
    }
    return key


for bits in (2048, 3072, 4096):
    spec = f"RSA_{bits}"
    key = add(spec, rsa.generate_private_key(65537, bits))
    for name, hash in HASHES.items():
        length = hash.digest_size
        signatures += entry(spec, f"RSASSA_PSS_SHA_{name}", hash, lambda m, h, n=length, i=hash: key.sign(m, pss(i, n), h))
        signatures += entry(spec, f"RSASSA_PKCS1_V1_5_SHA_{name}", hash, lambda m, h: key.sign(m, padding.PKCS1v15(), h))
    # KMS makes and takes salts as long as the digest, and MGF1 with the same hash function.
    for salt in (0, 20, 33, padding.PSS.MAX_LENGTH):
        refused.append({"key": spec, "why": f"salt {salt}", "algorithm": "RSASSA_PSS_SHA_256", "of": "short",
                        "signature": text(key.sign(MESSAGE, pss(HASHES["256"], salt), HASHES["256"]))})
    refused.append({"key": spec, "why": "MGF1 with SHA-1", "algorithm": "RSASSA_PSS_SHA_256", "of": "short",
                    "signature": text(key.sign(MESSAGE, padding.PSS(padding.MGF1(hashes.SHA1()), 32), HASHES["256"]))})
    for name, hash in (("1", hashes.SHA1()), ("256", hashes.SHA256())):
        limit = bits // 8 - 2 * hash.digest_size - 2
        for plaintext in (b"\0", MESSAGE, LONG[:limit]):
            ciphertexts.append({"key": spec, "algorithm": f"RSAES_OAEP_SHA_{name}", "plaintext": text(plaintext),
                                "ciphertext": text(key.public_key().encrypt(plaintext, padding.OAEP(padding.MGF1(hash), hash, None)))})

for spec, curve, name in (
    ("ECC_NIST_P256", ec.SECP256R1(), "256"),
    ("ECC_NIST_P384", ec.SECP384R1(), "384"),
    ("ECC_NIST_P521", ec.SECP521R1(), "512"),
    ("ECC_SECG_P256K1", ec.SECP256K1(), "256"),
):
    key = add(spec, ec.generate_private_key(curve))
    # Several of each, so that both halves of `s` occur.
    for _ in range(4):
        signatures += entry(spec, f"ECDSA_SHA_{name}", HASHES[name], lambda m, h: key.sign(m, ec.ECDSA(h)))

spec = "ECC_NIST_EDWARDS25519"
key = add(spec, ed25519.Ed25519PrivateKey.generate())
signatures += entry(spec, "ED25519_SHA_512", HASHES["512"], lambda m, h: key.sign(m))[:2]
other = ECC.import_key(base64.b64decode(keys[spec]["pkcs8"]))
for message in (MESSAGE, LONG):
    signatures.append({"key": spec, "by": "PyCryptodome", "algorithm": "ED25519_PH_SHA_512",
                       "digest": text(digest(HASHES["512"], message)),
                       "signature": text(eddsa.new(other, "rfc8032").sign(SHA512.new(message)))})

parts = {
    "messages": ",\n".join(f"{json.dumps(name)}: {json.dumps(text(message))}" for name, message in MESSAGES.items()),
    "keys": ",\n".join(f"{json.dumps(name)}: {json.dumps(key)}" for name, key in keys.items()),
    "signatures": ",\n".join(map(json.dumps, signatures)),
    "refused": ",\n".join(map(json.dumps, refused)),
    "ciphertexts": ",\n".join(map(json.dumps, ciphertexts)),
}
by = f"foreign.py with cryptography {cryptography.__version__} ({backend.openssl_version_text()}), PyCryptodome {Crypto.__version__}"
print(f'{{"made by": {json.dumps(by)},')
print("".join(f'"{name}": {{\n{parts[name]}\n}},\n' for name in ("messages", "keys")), end="")
print(",\n".join(f'"{name}": [\n{parts[name]}\n]' for name in ("signatures", "refused", "ciphertexts")) + "}")
