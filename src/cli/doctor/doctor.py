"""What Jupyter says to `logitpress kernel doctor`, as one JSON object.

doctor.py look KERNEL    packages, paths, where the kernel and the chart extension are found
doctor.py start KERNEL   starts the kernel, runs cells, stops it
"""

import json
import os
import sys
import tempfile
import time
from importlib import metadata

PACKAGES = ["jupyter_client", "jupyter_server", "jupyterlab", "nbclient", "nbconvert"]


def version(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def look(name):
    found = {"packages": {package: version(package) for package in PACKAGES}}
    try:
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_core.paths import jupyter_data_dir, jupyter_path
    except ImportError as missing:
        return {**found, "missing": missing.name}
    manager = KernelSpecManager()
    folders = [os.path.join(folder, name) for folder in manager.kernel_dirs]
    extensions = [os.path.join(folder, name) for folder in jupyter_path("labextensions")]
    return {
        **found,
        "data": jupyter_data_dir(),
        "paths": jupyter_path(),
        "kernels": [folder for folder in folders if os.path.exists(os.path.join(folder, "kernel.json"))],
        "winner": manager.find_kernel_specs().get(name),
        "extensions": [folder for folder in extensions if os.path.isdir(folder)],
        "enabled": enabled(name),
    }


def enabled(name):
    """Whether JupyterLab takes the extension; None where that can't be asked."""
    try:
        from jupyter_core.paths import jupyter_path
        from jupyterlab.commands import get_app_dir
        from jupyterlab_server.config import get_page_config

        page = get_page_config(jupyter_path("labextensions"), os.path.join(get_app_dir(), "settings"))
    except Exception:
        return None
    return not any(disabled.partition(":")[0] == name for disabled in page["disabledExtensions"])


def start(name):
    from jupyter_client.manager import KernelManager

    result = {}
    with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "said"), "w+b") as said:
        manager = KernelManager(kernel_name=name)
        started = time.monotonic()
        client = None
        try:
            manager.start_kernel(cwd=folder, stdout=said, stderr=said)
            client = manager.client()
            client.start_channels()
            client.wait_for_ready(timeout=60)
            result["ready"] = time.monotonic() - started
            result["answer"] = run(client, "1 + 1")
            result["refusal"] = run(client, "const text: number = 'text'")
        except Exception as error:
            result["error"] = f"{type(error).__name__}: {error}"
        finally:
            if client is not None:
                client.stop_channels()
            if manager.has_kernel:
                since = time.monotonic()
                manager.shutdown_kernel()
                result["stopped"] = time.monotonic() - since
            manager.cleanup_resources()
        said.seek(0)
        result["said"] = said.read().decode(errors="replace")[-2000:]
    return hidden(result, manager.session.key.decode())


def run(client, code):
    outputs = []
    started = time.monotonic()
    reply = client.execute_interactive(code, timeout=60, output_hook=outputs.append, allow_stdin=False)
    values = [m["content"]["data"].get("text/plain") for m in outputs if m["msg_type"] == "execute_result"]
    content = reply["content"]
    return {
        "status": content["status"],
        "value": values[0] if values else None,
        "ename": content.get("ename"),
        "evalue": content.get("evalue"),
        "seconds": time.monotonic() - started,
    }


def hidden(result, key):
    """The result without the connection's key, whatever the kernel may have printed."""
    return json.loads(json.dumps(result).replace(key, "(key)")) if key else result


if __name__ == "__main__":
    print(json.dumps({"look": look, "start": start}[sys.argv[1]](sys.argv[2])))
