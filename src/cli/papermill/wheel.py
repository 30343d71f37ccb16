"""Writes a wheel of papermill's translator: wheel.py FOLDER VERSION; prints its path."""

import base64
import hashlib
import sys
import zipfile
from pathlib import Path

NAME = "logitpress_papermill"


def main(folder, version):
    info = f"{NAME}-{version}.dist-info"
    files = {
        f"{NAME}.py": (Path(__file__).parent / f"{NAME}.py").read_text(encoding="utf8"),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: logitpress-papermill\nVersion: {version}\n"
        "Summary: Parameters of papermill for notebooks of the kernel logitpress\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: logitpress\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[papermill.engine]\nlogitpress = {NAME}:Engine\n",
    }
    record = [f"{name},{checksum(text)},{len(text.encode())}\n" for name, text in files.items()]
    files[f"{info}/RECORD"] = "".join(record) + f"{info}/RECORD,,\n"
    wheel = Path(folder) / f"{NAME}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    print(wheel)


def checksum(text):
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


if __name__ == "__main__":
    main(*sys.argv[1:3])
