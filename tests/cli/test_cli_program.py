"""The command as a program among others: pipes, signals, full disks."""

import os
import shlex
import signal
import subprocess
import sys
import time

import pytest
from commands import RUN_FILES, SMALL, as_program, assert_refused

import sim


def test_as_a_program_it_refuses_in_one_line():
    result = as_program("run", "--set", "loialty=1")
    assert result.returncode == 2
    assert_refused(result, "did you mean 'loyalty'?")


def test_a_folder_name_that_is_no_text_is_survived():
    name = os.fsdecode(b"caf\xe9")
    result = as_program("run", *SMALL, "--out", name)
    assert (result.returncode, result.stderr) == (0, "")
    assert sorted(os.listdir(name)) == RUN_FILES


@pytest.mark.skipif(os.name == "nt", reason="pipes end differently there")
@pytest.mark.parametrize("args", [["parameters"], ["--help"], ["run", *SMALL, "--json"]], ids=lambda args: args[0])
def test_a_reader_who_leaves_is_no_problem(args):
    process = subprocess.Popen([sys.executable, "-m", "sim", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait() == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_output_is_told_in_one_line():
    with open("/dev/full", "w") as full:
        result = subprocess.run(
            [sys.executable, "-m", "sim", "parameters"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert (result.returncode, result.stderr) == (2, "error: cannot use the output: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="needs a shell that can close an output")
@pytest.mark.parametrize(
    ("words", "closed", "code", "error"),
    [
        ("run --people 30 --mean-degree 4 --steps 3", ">&-", 2, "error: cannot use the output: Bad file descriptor\n"),
        ("parameters", ">&-", 2, "error: cannot use the output: Bad file descriptor\n"),
        ("--help", ">&-", 2, "error: cannot use the output: Bad file descriptor\n"),
        ("run --people 30 --mean-degree 4 --steps 3 --json", ">&- 2>&-", 2, ""),
        ("run --people 30 --mean-degree 4 --steps 3 --quiet", ">&-", 0, ""),
        ("run --people 30 --mean-degree 4 --steps 3 --out o", ">&-", 0, ""),
        ("run --steps many", "2>&-", 2, ""),
        ("run --parameters -", "<&-", 2, "error: --parameters -: the standard input is closed; give it a file\n"),
    ],
)
def test_a_closed_stream_is_no_traceback(words, closed, code, error):
    command = f"{shlex.quote(sys.executable)} -m sim {words} {closed}"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=120)
    assert (result.returncode, result.stdout, result.stderr) == (code, "", error)


@pytest.mark.skipif(os.name == "nt", reason="signals are different there")
def test_control_c_stops_a_long_run_with_one_line():
    as_program("run", *SMALL, "--threads", "1")  # so that all is compiled, and the long run is what is stopped
    command = [sys.executable, "-m", "sim", "run", "--people", "20000", "--steps", "500000", "--threads", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(2.5)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=20)
    assert (process.returncode, out, error.strip()) == (130, "", "stopped")


def test_an_output_that_knows_few_letters_is_no_problem():
    result = as_program("parameters", encoding="latin-1", env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert (result.returncode, result.stderr) == (0, "")
    assert "\\u03c4" in result.stdout


def test_the_package_is_a_program_by_either_name():
    for module in ("sim", "sim.cli"):
        result = subprocess.run([sys.executable, "-m", module, "--version"], capture_output=True, text=True)
        assert result.stdout == f"allyship, version {sim.__version__}\n"


def test_help_needs_nothing_heavy():
    code = (
        "import sys\nfrom sim.cli import main\n"
        "try: main(['run', '--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'numpy', 'numba', 'pandas', 'networkx', 'matplotlib', 'mesa'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.splitlines()[-1] == "[]"
