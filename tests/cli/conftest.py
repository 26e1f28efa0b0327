"""A folder of its own for every test of the command."""

from pathlib import Path

import pytest

TIES = "source,target,times\nann,bob,3\nbob,cem,1\ncem,dan,2\ndan,ann,1\nann,ann,9\n"
PEOPLE = "name,team\nann,red\nbob,blue\ncem,red\ndan,blue\n"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path, monkeypatch):
    """Work in a folder that holds a small network."""
    monkeypatch.chdir(tmp_path)
    Path("ties.csv").write_text(TIES)
    Path("people.csv").write_text(PEOPLE)
    return tmp_path
