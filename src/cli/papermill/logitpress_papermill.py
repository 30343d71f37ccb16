"""Writes papermill's parameters as TypeScript, for notebooks of the kernel logitpress.

papermill has an entry point for engines and none for translators. So this module is found as an engine, which is
papermill's own, and registers the translator when it is loaded.
"""

import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

_declaration = re.compile(
    r"^\s*(?:export\s+)?(?:let|const|var)\s+([\w$]+)\s*(?::\s*([^=]+?))?\s*=\s*(.*?);?\s*(?://\s*(.*))?$"
)


class Engine(NBClientEngine):
    """papermill's own engine."""


class TypeScriptTranslator(Translator):
    """Values as literals, each declared with its type."""

    @classmethod
    def translate_str(cls, val):
        return json.dumps(val)

    translate_escaped_str = translate_str

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "NaN"
        if math.isinf(val):
            return "Infinity" if val > 0 else "-Infinity"
        return repr(val)

    @classmethod
    def translate_dict(cls, val):
        # In brackets, since the bare name __proto__ would set the prototype.
        members = ", ".join(f"[{json.dumps(str(key))}]: {cls.translate(value)}" for key, value in val.items())
        return "{ " + members + " }" if members else "{}"

    @classmethod
    def translate_list(cls, val):
        return "[" + ", ".join(map(cls.translate, val)) + "]"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        return f"{cls.comment(comment)}\n" + "".join(
            f"let {name}{_type_of(value)} = {cls.translate(value)};\n" for name, value in parameters.items()
        )

    @classmethod
    def inspect(cls, parameters_cell):
        found = map(_declaration.match, parameters_cell["source"].splitlines())
        return [
            Parameter(name=m[1], inferred_type_name=m[2] or "None", default=m[3], help=m[4] or "")
            for m in found
            if m is not None
        ]


def _type_of(value):
    if isinstance(value, bool):
        return ": boolean"
    if isinstance(value, (int, float)):
        return ": number"
    return ": string" if isinstance(value, str) else ""


papermill_translators.register("typescript", TypeScriptTranslator)
papermill_translators.register("logitpress", TypeScriptTranslator)
