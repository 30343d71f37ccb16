"""Executes a notebook: run_notebook.py NOTEBOOK HTML OUTPUT, the last two empty where they are not wanted."""

import os
import sys
import time
from pathlib import Path

try:
    import nbformat
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
except ImportError as missing:
    sys.exit(f"logitpress: missing Python package: {missing.name}. Install it with: {sys.executable} -m pip install nbclient nbconvert")


def written(path, text):
    """Writes under a temporary name first, so that a failure leaves the old file whole."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    temporary = f"{path}.new"
    Path(temporary).write_text(text, encoding="utf8")
    os.replace(temporary, path)


def heading(cell):
    lines = [line for line in cell.source.splitlines() if line.strip()]
    return lines[0][:70] if lines else ""


def show(cell):
    """What the cell's outputs say as text."""
    for output in cell.get("outputs", []):
        if output.output_type == "stream" and output.name == "stdout":
            sys.stdout.write(output.text)
        elif "data" in output and "text/plain" in output.data:
            print(output.data["text/plain"])


def main(path, html, output):
    notebook = nbformat.read(path, as_version=4)
    cells = sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in notebook.cells)
    started = {}

    def on_start(cell, cell_index, **_):
        started[cell_index] = time.monotonic()
        number = sum(c.cell_type == "code" and bool(c.source.strip()) for c in notebook.cells[: cell_index + 1])
        print(f"[{number}/{cells}] {heading(cell)} ... ", end="", file=sys.stderr, flush=True)

    def on_end(cell, cell_index, **_):
        print(f"{time.monotonic() - started[cell_index]:.1f} s", file=sys.stderr, flush=True)

    client = NotebookClient(
        notebook,
        timeout=None,
        resources={"metadata": {"path": str(Path(path).resolve().parent)}},
        on_cell_execute=on_start,
        on_cell_executed=on_end,
    )
    failed = None
    try:
        client.execute()
    except CellExecutionError as error:
        failed = f"{error.ename}: {error.evalue}\n{error.traceback}"
    except NoSuchKernel as error:
        print(
            f"logitpress: missing kernel: {error.name}; expected a kernelspec that {sys.executable} finds. "
            f"Install it with: logitpress kernel install --prefix {sys.prefix}",
            file=sys.stderr,
        )
        return 1
    except DeadKernelError as error:
        failed = f"the kernel died: {error}"
    if output:
        written(output, nbformat.writes(notebook))
    if html:
        from nbconvert import HTMLExporter

        written(html, HTMLExporter(embed_images=True).from_notebook_node(notebook)[0])
    for cell in notebook.cells:
        if "print" in cell.metadata.get("tags", []):
            show(cell)
    if failed is not None:
        print(f"\n{failed}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
