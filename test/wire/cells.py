"""What a cell gives back: values, errors, output, packages, local modules."""

import json
import os
import threading
import time
import unittest

from client import KernelCase


class Cells(KernelCase):
    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf8") as file:
            file.write(text)

    def test_input_and_count(self):
        first = self.run_ok("1")
        second = self.run_ok("2")
        counts = [ran.of("execute_input")[0]["execution_count"] for ran in (first, second)]
        self.assertEqual(counts[1], counts[0] + 1)
        self.assertEqual(second.reply["execution_count"], counts[1])

    def test_undefined_shows_nothing(self):
        self.assertEqual(self.run_ok("undefined").of("execute_result"), [])

    def test_bundle_of_several_types(self):
        code = "({ async [Symbol.for('Jupyter.display')]() { return { 'text/html': '<i>a</i>', 'text/plain': 'a' } } })"
        data = self.run_ok(code).of("execute_result")[0]["data"]
        self.assertEqual(data, {"text/html": "<i>a</i>", "text/plain": "a"})

    def test_error_quotes_the_cells_own_lines(self):
        self.run_ok("interface A { x: number }\nfunction fails(a: A): void {\n  throw new RangeError('far');\n}")
        ran = self.run_cell("const before = 5;\n\nfails({ x: 1 });")
        self.assertEqual((ran.reply["ename"], ran.reply["evalue"]), ("RangeError", "far"))
        text = ran.traceback()
        self.assertRegex(text, r"at fails \(In \[\d+\]:3:9\)")
        self.assertRegex(text, r"at In \[\d+\]:3:1")
        self.assertIn("> 3 |   throw new RangeError('far');", text)
        self.assertEqual(self.run_ok("before").value(), "5")

    def test_type_error_has_code_and_underline(self):
        ran = self.run_cell("const fine = 1;\nconst wrong: number = 'a';")
        self.assertEqual(ran.reply["ename"], "TS2322")
        lines = ran.traceback().split("\n")
        at = next(i for i, line in enumerate(lines) if "> 2 | const wrong" in line)
        self.assertEqual(lines[at + 1].index("^"), lines[at].index("wrong"))

    def test_fault_at_the_end_is_marked_there(self):
        lines = self.run_cell("const fine = 1;\nconst a: number =").traceback().split("\n")
        self.assertRegex(lines[1], r"at In \[\d+\]:2:18")
        at = next(i for i, line in enumerate(lines) if "> 2 | const a" in line)
        self.assertEqual(lines[at + 1].index("^"), len(lines[at]))

    def test_code_of_a_module_runs_in_a_cell(self):
        code = "export const pasted = 5;\nexport interface Shape { side: number }\nexport async function square(s: Shape) { return s.side ** 2 }\nexport { pasted as renamed };\nawait square({ side: 3 })"
        self.assertEqual(self.run_ok(code).value(), "9")
        self.assertEqual(self.run_ok("const s: Shape = { side: pasted }; s.side").value(), "5")
        wrong = self.run_cell("export const wrong: number = 'x'")
        self.assertRegex(wrong.traceback(), r"at In \[\d+\]:1:14")

    def test_const_again_and_await(self):
        self.run_ok("const again = 1")
        self.run_ok("const again = await Promise.resolve('two')")
        self.assertEqual(self.run_ok("again").value(), "'two'")

    def test_for_await_at_the_top(self):
        code = "async function* two() { yield 1; yield 2; }\nlet sum = 0;\nfor await (const x of two()) sum += x;\nfor await (const y of [Promise.resolve(5)]) sum += y;\nsum"
        self.assertEqual(self.run_ok(code).value(), "8")

    def test_streams_in_order_before_idle(self):
        ran = self.run_ok("console.log('a'); console.error('b'); console.log('c')")
        self.assertEqual([o["text"] for o in ran.of("stream")], ["a\n", "b\n", "c\n"])

    def test_many_lines_arrive(self):
        ran = self.run_ok("for (let i = 0; i < 50000; i++) console.log(i)")
        self.assertEqual(ran.text(), "".join(f"{i}\n" for i in range(50000)))

    def test_output_while_busy(self):
        seen = []
        self.run_ok(
            "console.log('now'); const until = Date.now() + 1500; while (Date.now() < until);",
            on_output=lambda message: seen.append((time.time(), message["msg_type"])),
        )
        printed = next(at for at, kind in seen if kind == "stream")
        self.assertGreater(time.time() - printed, 1)

    def test_display_and_update(self):
        code = "import { newDisplay } from 'tslab'; const d = newDisplay(); d.text('1'); d.text('2')"
        ran = self.run_ok(code)
        (shown,), (updated,) = ran.of("display_data"), ran.of("update_display_data")
        self.assertEqual(shown["transient"], updated["transient"])
        self.assertEqual(updated["data"], {"text/plain": "2"})

    def test_danfo_from_anywhere(self):
        ran = self.run_ok("import { DataFrame } from 'danfojs-node'; new DataFrame({ a: [1, 2] })")
        self.assertIn("<table", ran.value("text/html"))

    def test_logitpress_from_anywhere(self):
        ran = self.run_ok("import { LogisticRegression } from 'logitpress'; typeof LogisticRegression")
        self.assertEqual(ran.value(), "'function'")
        wrong = self.run_cell("new LogisticRegression({ lambda: 'large' })")
        self.assertRegex(wrong.reply["ename"], r"^TS\d+$")

    def test_types_that_cannot_be_written_down(self):
        self.run_ok("const loaded = await import('logitpress'), files = await import('fs'); let after: number")
        self.assertEqual(self.run_ok("[typeof loaded.pack, files.existsSync('/')]").value(), "[ 'function', true ]")
        wrong = self.run_cell("const module = await import('fs'), wrong: number = 'x'")
        self.assertEqual(wrong.reply["ename"], "TS2322")
        self.assertEqual(len(wrong.of("error")[0]["traceback"]), 3)
        thrown = self.run_cell("const other = await import('fs'); throw new Error('further right')")
        self.assertRegex(thrown.traceback(), r"at In \[\d+\]:1:41")

    def test_names_of_earlier_cells_as_shorthand(self):
        self.run_ok("const width = 2; let height = 3; const depth = 4;")
        self.assertEqual(self.run_ok("({ width, box: { height } })").value(), "{ width: 2, box: { height: 3 } }")
        self.run_ok("({ depth: height } = { depth }); const inside = ((o: { width: number }) => o.width)({ width })")
        self.assertEqual(self.run_ok("[height, inside]").value(), "[ 4, 2 ]")

    def test_types_of_packages_from_anywhere_reach_later_cells(self):
        self.run_ok("import { DataFrame } from 'danfojs-node';\nimport { splitFrame } from 'logitpress';")
        self.run_ok("const { train } = splitFrame(new DataFrame({ a: [1, 2, 3, 4] }), { test: 0.5 });")
        self.assertEqual(self.run_ok("const same: DataFrame = train; same.shape").value(), "[ 2, 1 ]")

    def test_handle_of_a_display_shows_nothing(self):
        ran = self.run_ok("import { display } from 'logitpress';\ndisplay('once')")
        self.assertEqual((len(ran.of("display_data")), ran.of("execute_result")), (1, []))

    def test_local_module(self):
        with open(os.path.join(self.folder, "local.ts"), "w", encoding="utf8") as file:
            file.write("export const twice = (x: number): number => 2 * x;\n\nexport function bad(): never {\n  throw new Error('deep');\n}\n")
        self.assertEqual(self.run_ok("import { twice, bad } from './local'; twice(21)").value(), "42")
        self.assertIn("local.ts:4:9", self.run_cell("bad()").traceback())

    def test_edited_module_is_taken_anew_and_others_keep_their_state(self):
        self.write("counter.ts", "export const counted = { times: 0 };\ncounted.times++;\n")
        self.write("twice.ts", "import { step } from './step';\nexport const twice = () => 2 * step;\n")
        self.write("step.ts", "export const step: number = 1;\n")
        code = "import { twice } from './twice'; import { counted } from './counter'; [twice(), counted.times]"
        self.assertEqual(self.run_ok(code).value(), "[ 2, 1 ]")
        self.write("step.ts", "export const step: number = 21;\n")
        self.assertEqual(self.run_ok(code).value(), "[ 42, 1 ]")
        self.write("step.ts", "export const step: number = 'no';\n")
        self.assertIn("step.ts:1:14", self.run_cell(code).traceback())
        self.write("step.ts", "export const step: number = 3;\n")
        self.assertEqual(self.run_ok(code).value(), "[ 6, 1 ]")

    def test_module_that_comes_later(self):
        code = "import { late } from './late'; late"
        self.assertEqual(self.run_cell(code).reply["ename"], "TS2307")
        self.write("late.ts", "export const late = 'there';\n")
        self.assertEqual(self.run_ok(code).value(), "'there'")

    def test_module_above_the_notebook(self):
        self.write("sub/../../above-logitpress.ts", "export const above = (x: number): number => x + 1;\n")
        self.addCleanup(os.remove, os.path.join(self.folder, "..", "above-logitpress.ts"))
        self.assertEqual(self.run_ok("import { above } from '../above-logitpress'; above(1)").value(), "2")
        self.write("sub/../../above-logitpress.ts", "export const above: number = 'x';\n")
        self.assertIn("above-logitpress.ts:1:14", self.run_cell("import { above } from '../above-logitpress'; above").traceback())

    def package(self, name, exports, **files):
        self.write(f"node_modules/{name}/package.json", json.dumps({"name": name, "version": "1.0.0", "type": "module", "exports": exports}))
        for file, text in files.items():
            self.write(f"node_modules/{name}/{file.replace('_', '.')}", text)

    def test_packages_that_are_es_modules_only(self):
        types = "export default function one(): number; export const two: number;\n"
        script = "export default function one() { return 1 } export const two = 2;\n"
        self.package("es-default", {".": {"types": "./i.d.ts", "default": "./i.js"}}, i_js=script, i_d_ts=types)
        self.package("es-import", {".": {"import": {"types": "./i.d.ts", "default": "./i.js"}}, "./sub/*": {"import": "./*.js"}}, i_js=script, i_d_ts=types)
        for name in ("es-default", "es-import"):
            self.assertEqual(self.run_ok(f"import one, {{ two }} from '{name}'; [one(), two]").value(), "[ 1, 2 ]")
            self.assertEqual(self.run_ok(f"(await import('{name}')).two").value(), "2")
        self.assertEqual(self.run_ok("import { two as deep } from 'es-import/sub/i'; deep").value(), "2")
        self.package("es-awaits", "./i.js", i_js="export const later = await Promise.resolve(5);\n", i_d_ts="export const later: number;\n")
        ran = self.run_cell("import { later } from 'es-awaits'; later")
        self.assertIn('await import("es-awaits")', ran.reply["evalue"])
        self.assertEqual(self.run_ok("(await import('es-awaits')).later").value(), "5")

    def test_import_by_address(self):
        self.write("by address.mjs", "export const here = 7; export const query = import.meta.url.split('?')[1];")
        address = "pathToFileURL(resolve('by address.mjs'))"
        self.run_ok("import { pathToFileURL } from 'node:url'; import { resolve } from 'node:path';")
        self.assertEqual(self.run_ok(f"(await import({address}.href)).here").value(), "7")
        self.assertEqual(self.run_ok(f"(await import({address}.href + '?b=2')).query").value(), "'b=2'")
        self.run_ok("const inline: string = 'data:text/javascript,export default 3';")
        self.assertEqual(self.run_ok("(await import(inline)).default").value(), "3")

    def test_rejection_is_reported(self):
        ran = self.run_ok("void Promise.reject(new Error('nobody listens'))")
        self.assertIn("nobody listens", ran.text("stderr"))
        self.run_ok("setTimeout(() => { throw new Error('timer') }, 5)")
        ran = self.run_ok("await new Promise((r) => setTimeout(r, 200)); 'alive'")
        self.assertEqual(ran.value(), "'alive'")

    def test_user_expressions(self):
        ran = self.run_ok("const ten = 10", user_expressions={"a": "ten + 1", "b": "nowhere"})
        expressions = ran.reply["user_expressions"]
        self.assertEqual(expressions["a"]["data"]["text/plain"], "11")
        self.assertEqual(expressions["b"]["status"], "error")

    def test_silent(self):
        before = self.run_ok("1").reply["execution_count"]
        ran = self.run_ok("2", silent=True)
        self.assertEqual(ran.outputs, [])
        self.assertEqual(self.run_ok("3").reply["execution_count"], before + 1)

    def test_input(self):
        ask = "(globalThis as any)[Symbol.for('logitpress.transport')].input('name? ', true)"
        asked = []

        def answer(message):
            asked.append(message["content"])
            self.client.input("Ada")

        ran = self.run_ok(ask, allow_stdin=True, stdin_hook=answer)
        self.assertEqual(asked, [{"prompt": "name? ", "password": True}])
        self.assertEqual(ran.value(), "'Ada'")
        self.assertEqual(self.run_cell(ask, allow_stdin=False).status, "error")


class Interrupts(KernelCase):
    def interrupted(self, code):
        self.run_ok("const kept = 7")
        times = []

        def stop():
            times.append(time.time())
            self.manager.interrupt_kernel()

        timer = threading.Timer(0.5, stop)
        timer.start()
        ran = self.run_cell(code)
        timer.join()
        self.assertEqual(ran.reply["ename"], "KeyboardInterrupt")
        self.assertLess(time.time() - times[0], 2)
        self.assertEqual(self.run_ok("kept").value(), "7")

    def test_loop(self):
        self.interrupted("while (true) {}")

    def test_loop_after_await(self):
        self.interrupted("await 1; while (true) {}")

    def test_loop_that_awaits_does_not_go_on(self):
        self.run_ok("let rounds = 0; const nap = () => new Promise<void>((r) => setTimeout(r, 10))")
        self.run_ok("const inner = async () => { while (true) { await nap(); rounds++; } }")
        for code in (
            "while (true) { await nap(); rounds++; }",
            "await inner()",
            "async function* naps() { while (true) { await nap(); yield 1; } }\nfor await (const one of naps()) rounds += one;",
        ):
            self.interrupted(code)
            before = self.run_ok("await new Promise((r) => setTimeout(r, 50)); rounds").value()
            after = self.run_ok("await new Promise((r) => setTimeout(r, 100)); rounds").value()
            self.assertEqual(before, after)
            self.assertGreater(int(after), 0)

    def test_work_of_earlier_cells_goes_on(self):
        self.run_ok("let beats = 0; const beat = async () => { while (true) { await new Promise((r) => setTimeout(r, 5)); beats++; } };")
        self.run_ok("void beat();")
        self.interrupted("for (;;) { await new Promise((r) => setTimeout(r, 7)); }")
        before = self.run_ok("beats").value()
        self.assertGreater(int(self.run_ok("await new Promise((r) => setTimeout(r, 100)); beats").value()), int(before) + 5)

    def test_pending_await(self):
        self.interrupted("await new Promise(() => {})")

    def test_microtasks(self):
        self.interrupted("const again = (): unknown => Promise.resolve().then(again); again(); await new Promise(() => {})")

    def test_timer(self):
        self.interrupted("setTimeout(() => { while (true) {} }, 10); await new Promise(() => {})")

    def test_regular_expression(self):
        self.interrupted("/^(a+)+$/.test('a'.repeat(60) + 'b')")


if __name__ == "__main__":
    unittest.main()
