"""``allyship app``: the Mesa model in a browser."""

from __future__ import annotations

import webbrowser

import click

from sim.cli.options import Command, Whole


@click.command("app", cls=Command)
@click.option("--port", type=Whole(0, 65535), default=8765, show_default=True, metavar="NUMBER",
              help="Where to serve it on this machine; 0 takes any that is free.")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Only serve; open no browser.")
def app_command(port, no_browser):
    """Explore the Mesa model in a browser, with sliders that act on the run.

    Examples
    --------
      allyship app
      allyship app --port 9000 --no-browser

    It is Mesa's own interface (SolaraViz) over sim.AllyshipModel: step, run, pause, reset; presets; every parameter
    with meaning, range and source. Every visitor has a model of their own. It serves this machine only, loads nothing
    from elsewhere and needs an extra: pip install 'allyship-sim[app]'. Ctrl-C stops it. A page that needs no Python
    is made by 'allyship explorer'.
    """
    from sim.app import serve

    def ready(address: str) -> None:
        click.echo(f"The app is at {address} (Ctrl-C stops it)")
        if not no_browser:
            webbrowser.open(address)

    serve(port, ready)
