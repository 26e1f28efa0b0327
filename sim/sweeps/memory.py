"""A sweep without a folder: the same as a `Store`, gone with the process."""

from __future__ import annotations

from sim.sweeps.columns import IDENTITY, chosen
from sim.sweeps.parts import empty, keys_of, without_doubles
from sim.sweeps.store import StoreError


class Memory:
    """Finished runs in memory, with the face of `sim.sweeps.store.Store`."""

    folder = None

    def __init__(self):
        self.set_aside: list[str] = []
        self._tables: list = []
        self._designs: list[dict] = []
        self._networks: dict = {}

    def add(self, table) -> None:
        """Add rows."""
        self._tables.append(table)

    def add_design(self, content: dict) -> None:
        """Note what is asked for."""
        self._designs.append(content)

    def add_network(self, network) -> None:
        """Keep a given network."""
        self._networks[network.digest()] = network

    def tidy(self, many: int = 2) -> None:
        """Put all rows into one table."""
        if len(self._tables) >= many:
            self._tables = [self.rows()]

    def rows(self, columns=None):
        """Return the rows as an Arrow table, each run once."""
        import pyarrow as pa

        tables = self._tables
        if columns is not None:
            columns = list(dict.fromkeys([*IDENTITY, *columns]))
            tables = [table.select(chosen(table.column_names, columns)) for table in tables]
        return without_doubles(pa.concat_tables(tables, promote_options="permissive") if tables else empty(columns))

    def keys(self) -> tuple[dict[str, str], set[str]]:
        """Return the keys of finished runs with what was recorded, and the keys of runs that failed."""
        return keys_of(self.rows())

    def designs(self) -> list[dict]:
        """Return what was asked for."""
        return self._designs

    def network(self, digest: str):
        """Return a given network by its digest."""
        if digest not in self._networks:
            raise StoreError("this network is not known here")
        return self._networks[digest]

