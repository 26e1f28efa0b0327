"""``allyship explorer``: the model as a page that opens anywhere."""

from __future__ import annotations

from pathlib import Path

import click

from sim.checks import InputError, shown
from sim.cli.manners import one_line
from sim.cli.options import Command


@click.command("explorer", cls=Command, meant=lambda word: f"-o {word}")
@click.option("-o", "--out", default="explorer.html", show_default=True, metavar="FILE", help="Where to write it.")
@click.option("--overwrite", is_flag=True, help="Replace a file of that name.")
def explorer_command(out, overwrite):
    """Write the model as one HTML page that opens anywhere.

    Examples
    --------
      allyship explorer
      allyship explorer -o explorer.html --overwrite

    Open the file in any browser, on a computer or a phone, also without a connection: it loads nothing and sends
    nothing. Same seed and numbers give the same run there as here, to the last bit. Its scenes are for people who do
    not program; the sandbox has every parameter. A link holds the whole setup, for whoever has the same file.
    """
    path = Path(out)
    if path.is_dir():
        raise InputError(f"--out = {shown(out)} is a folder; it must be a file such as explorer.html")
    if path.exists() and not overwrite:
        raise InputError(f"--out = {shown(out)} exists already; give --overwrite to replace it")
    from sim.explorer import write_page

    size = write_page(path)
    click.echo(f"Wrote {one_line(str(path))} ({size / 1000:.0f} kB). Open it in a browser.")
