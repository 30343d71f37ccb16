"""The tests that Jupyter gives to every kernel, with every optional sample."""

import unittest

import jupyter_kernel_test


class Standard(jupyter_kernel_test.KernelTests):
    kernel_name = "logitpress"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oh')"
    completion_samples = [{"text": "Number.MAX_SAFE_I", "matches": {"MAX_SAFE_INTEGER"}}]
    complete_code_samples = ["1", "const a = 1;", "function f(x: number) { return x; }"]
    incomplete_code_samples = ["function f(x: number) {", "const a = [1,", "if (true) {"]
    invalid_code_samples = ["const = = 3;", "function 1() {}"]
    code_page_something = "parseInt?"
    code_generate_error = "throw new Error('wrong')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2].concat(3)", "result": "[ 1, 2, 3 ]"},
        {"code": "[1, 2].concat(4)", "result": "[ 1, 2, 4 ]"},
    ]
    code_display_data = [
        {"code": "import { display } from 'tslab'; display.html('<b>bold</b>')", "mime": "text/html"}
    ]
    code_history_pattern = "6*7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseInt"
    code_clear_output = "(globalThis as any)[Symbol.for('logitpress.transport')].clearOutput(false)"


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "logitpress"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
