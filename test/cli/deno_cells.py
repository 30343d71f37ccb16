"""Runs cells in deno's own kernel: deno_cells.py DENO FOLDER; a JSON list of cells comes in, a list of what each did goes out."""

import json
import os
import sys
import tempfile

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

deno, folder = sys.argv[1:]

with tempfile.TemporaryDirectory() as kernels:
    os.mkdir(os.path.join(kernels, "deno"))
    spec = {
        "argv": [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
        "display_name": "Deno",
        "language": "typescript",
    }
    with open(os.path.join(kernels, "deno", "kernel.json"), "w") as file:
        json.dump(spec, file)
    specs = KernelSpecManager(kernel_dirs=[kernels], ensure_native_kernel=False)
    manager = KernelManager(kernel_name="deno", kernel_spec_manager=specs)
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        done = []
        for cell in json.load(sys.stdin):
            said = {"text": "", "data": {}}

            def hear(message):
                content = message["content"]
                if message["msg_type"] == "stream":
                    said["text"] += content["text"]
                said["data"].update(content.get("data", {}))

            reply = client.execute_interactive(cell, timeout=60, output_hook=hear)["content"]
            done.append({**said, "status": reply["status"], "error": reply.get("evalue", "")})
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)

print(json.dumps(done))
