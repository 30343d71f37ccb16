"""Lines that are not TypeScript, on a real kernel."""

import os
import re
import threading
import time
import unittest

import psutil
from client import KernelCase


class Magics(KernelCase):
    def test_time_keeps_value_and_type(self):
        ran = self.run_ok("%time const timed = await Promise.resolve([1, 2])\ntimed.length")
        self.assertRegex(ran.text(), r"^time: [\d.]+ (ns|µs|ms|s), of the processor")
        self.assertEqual(ran.value(), "2")
        self.assertEqual(self.run_ok("const again: number[] = timed; %time\n".replace(" %time", "") + "%time again.map((x) => x * 2)").value(), "[ 2, 4 ]")
        self.assertEqual(self.run_cell("const wrong: string = timed").reply["ename"], "TS2322")

    def test_time_of_a_cell_also_when_it_throws(self):
        ran = self.run_ok("%%time\nconst inCell = 3;\ninCell")
        self.assertTrue(ran.text().startswith("time: "))
        self.assertEqual(ran.value(), "3")
        ran = self.run_cell("%%time\n\nthrow new RangeError('thrown')")
        self.assertTrue(ran.text().startswith("time: "))
        self.assertRegex(ran.traceback(), r"at In \[\d+\]:3:7")

    def test_timeit(self):
        ran = self.run_ok("%timeit [1, 2, 3].indexOf(2)")
        self.assertRegex(ran.text(), r" a loop, best .* \(7 runs of [\d,]+ loops\)\n$")
        self.assertEqual(ran.of("execute_result"), [])

    def test_errors_stand_at_the_users_columns(self):
        wrong = self.run_cell("const a = 1;\n%time const b: number = 'b';")
        lines = wrong.traceback().split("\n")
        at = next(i for i, line in enumerate(lines) if "> 2 | %time const b" in line)
        self.assertEqual(lines[at + 1].index("^"), lines[at].index("b: number"))
        thrown = self.run_cell("%time throw new Error('here')")
        self.assertRegex(thrown.traceback(), r"at In \[\d+\]:1:13")

    def test_folder_and_environment(self):
        os.makedirs(os.path.join(self.folder, "sub"), exist_ok=True)
        real = os.path.realpath(self.folder)
        self.assertEqual(self.run_ok("%cd sub\n%pwd\n%cd -").text(), f"{real}/sub\n{real}/sub\n{real}\n")
        self.assertEqual(self.run_cell("%cd nowhere").status, "error")
        self.assertEqual(self.run_ok("%env LOGIT_A=b c\n%env LOGIT_A\n!echo $LOGIT_A").text(), "b c\nb c\n")
        self.run_ok("%env LOGIT_TOKEN=visible")
        listed = self.run_ok("%env").text()
        self.assertIn("LOGIT_A=b c\n", listed)
        self.assertNotIn("visible", listed)
        self.assertEqual(self.run_cell("%env LOGIT_NOWHERE").status, "error")

    def test_commands(self):
        ran = self.run_ok("console.log('before');\n!echo out; echo err >&2; printf 'é'\nconsole.log('after');\n1 + 1")
        self.assertEqual(ran.text(), "before\nout\néafter\n")
        self.assertEqual(ran.text("stderr"), "err\n")
        self.assertEqual(ran.value(), "2")
        failed = self.run_cell("!exit 3\nconsole.log('not reached')")
        self.assertIn("exit code 0, not 3", failed.reply["evalue"])
        self.assertEqual(failed.text(), "")
        self.run_ok("const done = true;")
        self.assertEqual(self.run_ok("!done && 5").value(), "false")

    def test_scripts(self):
        ran = self.run_ok("%%bash one 'two three'\nfor x in \"$@\"; do echo \"<$x>\"; done\n[[ a == a ]] && echo bash")
        self.assertEqual(ran.text(), "<one>\n<two three>\nbash\n")
        self.assertEqual(self.run_ok("%%sh\ncat <<'END'\n`x` ${y} 'z'\nEND").text(), "`x` ${y} 'z'\n")
        self.assertEqual(self.run_cell("%%bash\nexit 4").status, "error")

    def test_interrupted_command_is_gone(self):
        self.run_ok("let reached = false;")
        stopped = []

        def stop():
            stopped.append(time.time())
            self.manager.interrupt_kernel()

        threading.Timer(0.7, stop).start()
        ran = self.run_cell("!sleep 100.0731 & sleep 101.0731\nreached = true")
        self.assertEqual(ran.reply["ename"], "KeyboardInterrupt")
        self.assertLess(time.time() - stopped[0], 0.5)
        self.assertEqual(self.run_ok("await new Promise((r) => setTimeout(r, 100)); reached").value(), "false")
        sleeping = [p.cmdline() for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] in (["sleep", "100.0731"], ["sleep", "101.0731"])]
        self.assertEqual(sleeping, [])

    def test_npm_and_what_it_installs(self):
        self.assertRegex(self.run_ok("%npm --version").text(), r"^\d+\.\d+")
        package = os.path.join(self.folder, "local-package")
        os.makedirs(package)
        for name, text in {
            "package.json": '{"name": "local-package", "version": "1.0.0", "types": "index.d.ts"}',
            "index.js": "exports.answer = 42;",
            "index.d.ts": "export const answer: number;",
        }.items():
            with open(os.path.join(package, name), "w", encoding="utf8") as file:
                file.write(text)
        with open(os.path.join(self.folder, "package.json"), "w", encoding="utf8") as file:
            file.write("{}")
        self.assertEqual(self.run_cell("import { answer } from 'local-package'").reply["ename"], "TS2307")
        ran = self.run_ok("%npm install --no-audit --no-fund ./local-package\nimport { answer } from 'local-package';\nanswer")
        self.assertEqual(ran.value(), "42")
        ran = self.run_cell("%npm run nothing-of-this-name\nconsole.log('not reached')")
        self.assertEqual((ran.status, ran.text()), ("error", ""))
        thrown = self.run_cell("%npm --version\n\nthrow new Error('below')")
        self.assertRegex(thrown.traceback(), r"at In \[\d+\]:3:7")
        with open(os.path.join(package, "index.d.ts"), "w", encoding="utf8") as file:
            file.write("export const answer: number; export const question: string;")
        self.run_ok("%npm install --no-audit --no-fund ./local-package")
        self.assertEqual(self.run_ok("import { question } from 'local-package'; typeof question").value(), "'undefined'")

    def test_content_and_files(self):
        for name, mime in {"html": "text/html", "markdown": "text/markdown", "latex": "text/latex", "svg": "image/svg+xml"}.items():
            (shown,) = self.run_ok(f"%%{name}\n<b>`x` ${{y}}</b>").of("display_data")
            self.assertEqual(shown["data"][mime], "<b>`x` ${y}</b>")
        path = os.path.join(self.folder, "deep", "file.txt")
        self.run_ok("%%writefile deep/file.txt\none\n%two")
        self.run_ok("%%writefile -a deep/file.txt\nthree")
        with open(path, encoding="utf8") as file:
            self.assertEqual(file.read(), "one\n%two\nthree\n")
        self.assertEqual(os.listdir(os.path.dirname(path)), ["file.txt"])
        self.assertEqual(self.run_cell("%%writefile\nx").status, "error")

    def test_lists_and_help(self):
        self.assertIn("%timeit EXPRESSION", self.run_ok("%lsmagic").text())
        self.run_ok("const shown = new Float64Array(3);")
        self.assertIn("shown", self.run_ok("%who").text())
        self.assertRegex(self.run_ok("%whos").of("display_data")[0]["data"]["text/plain"], r"shown +Float64Array\(3\) +Float64Array")
        (page,) = self.run_ok("%time?").reply["payload"]
        self.assertIn("%time STATEMENT", page["data"]["text/plain"])
        self.assertEqual(self.run_cell("%tiem 1").reply["evalue"], "unknown magic: %tiem. Did you mean %time?")
        self.client.complete("1;\n%ti", 6)
        reply = self.client.get_shell_msg(timeout=10)
        self.assertEqual((reply["content"]["matches"], reply["content"]["cursor_start"]), (["%time", "%timeit"], 3))

    def test_examples_of_the_page_run(self):
        page = os.path.join(os.path.dirname(__file__), "../../src/notebook/kernel/magics/MAGICS.md")
        with open(page, encoding="utf8") as file:
            examples = re.findall(r"^```\n(.*?)^```", file.read(), re.M | re.S)
        self.assertEqual(len(examples), 1)
        ran = self.run_ok(examples[0])
        self.assertRegex(ran.text(), r"^[\d.]+\ntime: .*\nthat was quick\n$")
        self.assertEqual(ran.value(), "1000000")

    def test_modulo_stays(self):
        self.assertEqual(self.run_ok("const seven = 7, two = 2;\nseven\n% two").value(), "1")
        self.run_ok("const pwd = 4")
        self.assertEqual(self.run_ok("seven\n%pwd").value(), "3")


if __name__ == "__main__":
    unittest.main()
