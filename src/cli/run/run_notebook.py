"""Executes a notebook. One line of JSON on standard input says what to do; the end of the input stops it."""

import asyncio
import json
import logging
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path

try:
    import nbformat
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
except ImportError as missing:
    sys.exit(
        f"logitpress: missing Python package: {missing.name}. "
        f"Install it with: {sys.executable} -m pip install nbclient nbconvert"
    )

ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Stopped(Exception):
    """The one line that ends the program without a result."""


def written(path, text):
    """Writes under a temporary name first, so that a failure leaves the old file whole."""
    temporary = Path(f"{path}.{os.getpid()}.tmp")
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_text(text, encoding="utf8")
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise Stopped(f"failed writing of {path}; expected a file that can be written. {error.strerror}.") from None


def read(path):
    try:
        return nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError, KeyError) as error:
        raise Stopped(f"invalid notebook: {path}; {str(error).splitlines()[0]}") from None


def inject(notebook, injection):
    cell = nbformat.v4.new_code_cell(injection["source"], metadata={"tags": ["injected-parameters"]})
    at = injection["at"]
    if injection["replaces"]:
        del notebook.cells[at]
    names = {each.get("id") for each in notebook.cells}
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        cell.pop("id", None)
    else:
        # Always the same, so that a run gives the same file again.
        cell["id"] = next(name for k in range(len(names) + 1) if (name := f"parameters-{k}") not in names)
    notebook.cells.insert(at, cell)


def runs(cell):
    return cell.cell_type == "code" and bool(cell.source.strip())


class Execution:
    """One run of a notebook: progress on standard error, and how it ended."""

    def __init__(self, notebook, folder, timeout):
        self.notebook = notebook
        self.count = sum(map(runs, notebook.cells))
        self.started = time.monotonic()
        self.failure = None
        self.stopped = False
        self.at = None
        self.since = 0.0
        self.client = NotebookClient(
            notebook,
            kernel_name=notebook.metadata.get("kernelspec", {}).get("name", "logitpress"),
            timeout=timeout,
            # No times of day, so that a run gives the same file again.
            record_timing=False,
            resources={"metadata": {"path": str(folder)}},
            on_cell_execute=self.on_start,
            on_cell_executed=self.on_end,
        )
        self.client.log.setLevel(logging.CRITICAL)

    def number(self, index):
        return sum(map(runs, self.notebook.cells[: index + 1]))

    def on_start(self, cell, cell_index, **_):
        self.at = cell_index
        self.since = time.monotonic()
        lines = [line for line in cell.source.splitlines() if line.strip()]
        heading = lines[0][:70] if lines else ""
        print(f"[{self.number(cell_index)}/{self.count}] {heading} ... ", end="", file=sys.stderr, flush=True)

    def on_end(self, **_):
        print(f"{time.monotonic() - self.since:.1f} s", file=sys.stderr, flush=True)

    async def run(self):
        try:
            await self.client.async_execute()
        except CellExecutionError as error:
            self.fail(error.ename, error.evalue)
        except CellTimeoutError:
            self.fail("Timeout", f"the cell took longer than {self.client.timeout} s")
        except DeadKernelError:
            if self.at is None:
                raise Stopped(self.no_start("the kernel died")) from None
            self.fail("KernelDied", "the kernel died while it ran the cell")
        except NoSuchKernel as error:
            raise Stopped(
                f"missing kernel: {error.name}; expected a kernelspec that {sys.executable} finds. "
                f"Install it with: logitpress kernel install --prefix {sys.prefix}"
            ) from None
        except asyncio.CancelledError:
            raise
        except Exception as error:
            if self.at is not None:
                raise
            raise Stopped(self.no_start(str(error))) from None
        finally:
            for cell in self.notebook.cells:
                if cell.cell_type == "code":
                    cell.outputs = joined(cell.outputs)

    def no_start(self, why):
        return f"the kernel {self.client.kernel_name} does not start: {why}. Find out why with: logitpress kernel doctor"

    def fail(self, name, value):
        cell = self.notebook.cells[self.at]
        shown = next((each for each in cell.outputs if each.output_type == "error"), None)
        traceback = "\n".join(shown.traceback) if shown else ""
        place = re.search(rf"In \[{cell.execution_count}\]:(\d+):\d+", ANSI.sub("", traceback))
        line = int(place[1]) if place else None
        source = cell.source.splitlines()
        self.failure = {
            "cell": self.number(self.at),
            "line": line,
            "source": source[line - 1] if line is not None and line <= len(source) else None,
            "ename": name,
            "evalue": value,
            "traceback": traceback,
        }

    def explanation(self):
        of = self.failure
        where = f"cell {of['cell']} of {self.count}" + (f", line {of['line']}" if of["line"] else "")
        what = f"{of['ename']}: {of['evalue']}".splitlines()[0]
        return f"logitpress: {where} failed: {what}\n" + (f"\n{of['traceback']}\n" if of["traceback"] else "")


def joined(outputs):
    """Adjacent pieces of one stream as one, since where a stream is cut is chance."""
    result = []
    for output in outputs:
        last = result[-1] if result else None
        if last and output.output_type == "stream" == last.output_type and output.name == last.name:
            last.text += output.text
        else:
            result.append(output)
    return result


def printed(notebook):
    """What the cells tagged "print" say as text."""
    texts = []
    for cell in notebook.cells:
        if "print" not in cell.metadata.get("tags", []):
            continue
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stdout":
                texts.append(output.text)
            elif "text/plain" in output.get("data", {}):
                texts.append(output.data["text/plain"] + "\n")
    return "".join(texts)


def save(request, notebook):
    if request["output"]:
        written(request["output"], nbformat.writes(notebook))
    if request["html"]:
        from page import page_of

        html, remote = page_of(notebook, Path(request["notebook"]), request["plotly"])
        written(request["html"], html)
        if remote:
            print(f"logitpress: left out of the page, which needs no network: {', '.join(remote)}", file=sys.stderr)


async def main(request):
    if request["html"]:
        # Asked for now, not after an hour of cells.
        try:
            import nbconvert  # noqa: F401
        except ImportError:
            remedy = f"Install it with: {sys.executable} -m pip install nbconvert"
            raise Stopped(f"missing Python package: nbconvert. {remedy}") from None
    notebook = read(request["notebook"])
    if request["injection"]:
        inject(notebook, request["injection"])
    execution = Execution(notebook, Path(request["notebook"]).resolve().parent, request["timeout"])
    task = asyncio.ensure_future(execution.run())
    watch_input(asyncio.get_running_loop(), lambda: stop(execution, task))
    try:
        await task
    except asyncio.CancelledError:
        execution.stopped = True
    if execution.stopped:
        print(file=sys.stderr)
        refused(request, "cancelled", "interrupted; nothing was written")
        return 130
    save(request, notebook)
    failure = execution.failure
    if failure and (not sys.stderr.isatty() or "NO_COLOR" in os.environ):
        failure["traceback"] = ANSI.sub("", failure["traceback"])
    if request["json"]:
        seconds = round(time.monotonic() - execution.started, 3)
        files = {key: request[key] for key in ("notebook", "html", "output")}
        print(json.dumps({**files, "cells": execution.count, "seconds": seconds, "printed": printed(notebook), "failure": failure}))
    else:
        sys.stdout.write(printed(notebook))
    if failure:
        print(f"\n{execution.explanation()}", end="", file=sys.stderr)
    return 1 if failure else 0


def refused(request, code, message):
    if request["json"]:
        print(json.dumps({"error": {"code": code, "message": message}}))
    print(f"logitpress: {message}", file=sys.stderr)


def stop(execution, task):
    # By it alone the end is known: nbclient takes a cancelled cell for a dead kernel.
    execution.stopped = True
    execution.client.shutdown_kernel = "immediate"
    task.cancel()


def watch_input(loop, then):
    """Calls `then` when standard input ends; a thread, since Windows has no other way to wait for a pipe."""

    def watch():
        while sys.stdin.buffer.read1(4096):
            pass
        if not loop.is_closed():
            loop.call_soon_threadsafe(then)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf8")
        sys.stderr.reconfigure(encoding="utf8", errors="replace")
    # Where Ctrl-C comes here too, it is the end of the input that counts.
    signal.signal(signal.SIGINT, lambda *_: None)
    asked = json.loads(sys.stdin.buffer.readline())
    try:
        code = asyncio.run(main(asked))
    except Stopped as reason:
        refused(asked, "failed", str(reason))
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # The thread that waits for input would hold up the ordinary end.
    os._exit(code)
