"""Starts each kernel in turn, several times, and measures what a user waits and a processor works for.

measure.py RUNS KERNELS.json OUT.json; KERNELS.json maps names to { argv, language }.
Processor time is of the whole process tree, user and system; memory is its proportional set size (PSS).
"""

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

TRIVIAL = 100
MANY = 200


class Spec(KernelManager):
    """A kernel that is started by its argv, with no kernelspec installed."""

    argv: list = []

    @property
    def kernel_spec(self):
        return KernelSpec(argv=self.argv, display_name="", language="", interrupt_mode="message")


def tree(pid):
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def processor(pid):
    total = 0.0
    for process in tree(pid):
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return 1000 * total


def memory(pid):
    return sum(process.memory_full_info().pss for process in tree(pid)) / 2**20


def run(client, code):
    began = time.perf_counter()
    reply = client.execute_interactive(code, timeout=60, output_hook=lambda message: None)
    if reply["content"]["status"] != "ok":
        raise RuntimeError(f"{code}: {reply['content']}")
    return 1000 * (time.perf_counter() - began)


def complete(client, code):
    began = time.perf_counter()
    message_id = client.complete(code, len(code))
    while True:
        reply = client.get_shell_msg(timeout=60)
        if reply["parent_header"].get("msg_id") == message_id:
            return 1000 * (time.perf_counter() - began), reply["content"].get("matches", [])


def measure(argv, language):
    declare = (lambda i: f"v{i} = {i}") if language == "python" else (lambda i: f"const v{i} = {i};")
    manager = Spec()
    manager.argv = argv
    found = {}
    began = time.perf_counter()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        pid = manager.provisioner.pid
        found["start to kernel_info, ms"] = 1000 * (time.perf_counter() - began)
        run(client, "1")
        found["start to first cell, ms"] = 1000 * (time.perf_counter() - began)
        found["start to first cell, processor ms"] = processor(pid)
        before = processor(pid)
        # No two alike: a kernel may know the answer to the same question.
        times = [run(client, f"1 + {i}") for i in range(TRIVIAL)]
        found["trivial cell, ms"] = statistics.median(times)
        found["trivial cell, processor ms"] = (processor(pid) - before) / TRIVIAL
        found["memory after 101 cells, MB"] = memory(pid)
        times = [run(client, declare(i)) for i in range(MANY)]
        found["declarations 1 to 20, ms"] = statistics.median(times[:20])
        found["declarations 181 to 200, ms"] = statistics.median(times[-20:])
        found["memory after 301 cells, MB"] = memory(pid)
        times = []
        for _ in range(10):
            took, names = complete(client, "v19")
            times.append(took)
            if "v199" not in names:
                raise RuntimeError(f"completed to {names[:5]}")
        found["completion, ms"] = statistics.median(times)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return found


def main(runs, kernels, output):
    specs = json.loads(Path(kernels).read_text())
    results = {name: [] for name in specs}
    faults = {}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        # In turn, so that whatever else the machine does is shared out.
        for number in range(runs):
            for name, spec in specs.items():
                print(f"run {number + 1} of {runs}: {name}", file=sys.stderr)
                try:
                    results[name].append(measure(spec["argv"], spec["language"]))
                except Exception as error:  # a peer that fails is a result, too
                    faults[name] = f"{type(error).__name__}: {error}"
    Path(output).write_text(json.dumps({"results": results, "faults": faults}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
