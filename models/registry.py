"""Runs and models in MLflow: the only module that knows it. Text models, loaded by alias, checked by digest.

The store is a SQLite file and a folder under var/mlflow; no server is started and nothing leaves the machine.
"""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lifeevents.domain.errors import NotFound, Unavailable
from models.artefact import Artefact, digest

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from mlflow import MlflowClient

CHAMPION, CHALLENGER = "champion", "challenger"
_MODEL, _TREES, _REPORT = "model.json", "trees.txt", "report.json"
_REIGNED = "champions"
"""Tag of a registered model: the versions that were champion, oldest first, up to the one that is."""


@dataclass(frozen=True)
class Stored:
    """A registered version: its artefact, its trees (LightGBM's text, empty without) and its digest."""

    artefact: Artefact
    trees: str
    version: str
    run_id: str
    sha256: str


class Registry:
    """The models of one installation."""

    def __init__(self, var: Path) -> None:
        self._home = var.absolute() / "mlflow"
        self._opened: MlflowClient | None = None

    @property
    def _client(self) -> "MlflowClient":
        if self._opened is None:
            os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
            os.environ.setdefault("DO_NOT_TRACK", "true")
            logging.getLogger("mlflow.store.db.utils").setLevel(logging.WARNING)
            from mlflow import MlflowClient

            self._home.mkdir(parents=True, exist_ok=True)
            self._opened = MlflowClient(tracking_uri=f"sqlite:///{self._home / 'mlflow.db'}")
        return self._opened

    def record(
        self,
        artefact: Artefact,
        trees: str,
        *,
        params: Mapping[str, object],
        metrics: Mapping[str, float],
        tags: Mapping[str, str],
        report: Mapping[str, object],
    ) -> Stored:
        """Log a run with its parameters, figures and files, and register its model; no alias moves."""
        from mlflow.entities import Metric, Param, RunTag

        client, name = self._client, artefact.milestone
        run = client.create_run(self._experiment(name))
        run_id = run.info.run_id
        text = artefact.model_dump_json(indent=1)
        sha = digest(text, trees)
        at = run.info.start_time
        client.log_batch(
            run_id,
            metrics=[Metric(key, float(value), at, 0) for key, value in metrics.items()],
            params=[Param(key, str(value)[:500]) for key, value in params.items()],
            tags=[RunTag(key, value) for key, value in {**tags, "sha256": sha}.items()],
        )
        for file, content in ((_MODEL, text), (_TREES, trees), (_REPORT, json.dumps(report, indent=1, default=str))):
            client.log_text(run_id, content, file)
        client.set_terminated(run_id)
        version = self._register(name, run.info.artifact_uri, run_id, sha)
        return Stored(artefact, trees, version, run_id, sha)

    def give_alias(self, name: str, alias: str, version: str) -> None:
        """Point `champion` or `challenger` at a version."""
        self._client.set_registered_model_alias(name, alias, version)

    def attach(self, run_id: str, file: str, content: str) -> None:
        """Put a text file beside a run's others."""
        self._client.log_text(run_id, content, file)

    def draw(self, run_id: str, file: str, figure: "Figure") -> None:
        """Put a picture beside a run's other files."""
        self._client.log_figure(run_id, figure, file)

    def text(self, run_id: str, file: str) -> str | None:
        """A text file of a run; None when the run has none of that name."""
        folder = Path(str(self._client.get_run(run_id).info.artifact_uri).removeprefix("file://"))
        return (folder / file).read_text() if (folder / file).is_file() else None

    def crown(self, name: str, version: str) -> None:
        """Make a version the champion; the one before is remembered, for `rollback`."""
        before = self._reigned(name)
        if not before or before[-1] != version:
            self._client.set_registered_model_tag(name, _REIGNED, ",".join((*before, version)))
        self.give_alias(name, CHAMPION, version)

    def has(self, name: str) -> bool:
        """Whether any version is the champion."""
        return (self._home / "mlflow.db").exists() and bool(self._reigned(name))

    def rollback(self, name: str) -> tuple[str, str]:
        """Give `champion` back to the version that had it before: (the one that had it now, the one that has it).

        Raises NotFound when no version had it before, or nothing was ever trained.
        """
        if not (self._home / "mlflow.db").exists():
            raise NotFound(_untrained(name))
        reigned = self._reigned(name)
        if len(reigned) < 2:
            raise NotFound(f"{name}: no earlier champion to go back to. `lifeevents models` lists what there is.")
        self._client.set_registered_model_tag(name, _REIGNED, ",".join(reigned[:-1]))
        self.give_alias(name, CHAMPION, reigned[-2])
        return reigned[-1], reigned[-2]

    def _reigned(self, name: str) -> tuple[str, ...]:
        from mlflow.exceptions import MlflowException

        try:
            found = self._client.get_registered_model(name).tags.get(_REIGNED, "")
        except MlflowException:
            return ()
        return tuple(version for version in found.split(",") if version)

    def versions(self, name: str) -> list[str]:
        """The versions of a model, oldest first."""
        found = self._client.search_model_versions(f"name = '{name}'")
        return sorted((str(version.version) for version in found), key=int)

    def load(self, name: str, alias: str = CHAMPION) -> Stored:
        """The version that an alias points at.

        Raises NotFound when there is none, Unavailable when its files are not the ones that were registered.
        """
        from mlflow.exceptions import MlflowException

        if not (self._home / "mlflow.db").exists():
            raise NotFound(_untrained(name))
        try:
            found = self._client.get_model_version_by_alias(name, alias)
        except MlflowException:
            raise NotFound(_untrained(name)) from None
        folder = Path(str(found.source).removeprefix("file://"))
        try:
            text, trees = (folder / _MODEL).read_text(), (folder / _TREES).read_text()
        except OSError as error:
            raise Unavailable(f"{name}: the registered model's files are gone ({error}). {_AGAIN}") from None
        sha = digest(text, trees)
        if sha != found.tags.get("sha256"):
            raise Unavailable(f"{name}: the model's files are not the ones registered (their digest differs). {_AGAIN}")
        return Stored(Artefact.model_validate_json(text), trees, str(found.version), str(found.run_id), sha)

    def _experiment(self, name: str) -> str:
        found = self._client.get_experiment_by_name(name)
        if found is not None:
            return str(found.experiment_id)
        return str(self._client.create_experiment(name, artifact_location=str(self._home / "artifacts" / name)))

    def _register(self, name: str, source: str, run_id: str, sha: str) -> str:
        from mlflow.exceptions import MlflowException

        try:
            self._client.get_registered_model(name)
        except MlflowException:
            self._client.create_registered_model(name)
        made = self._client.create_model_version(name, source, run_id, tags={"sha256": sha})
        return str(made.version)


_AGAIN = "Train it again: lifeevents train"


def _untrained(name: str) -> str:
    return f"{name}: no model has been trained here yet. Run: lifeevents train {name}"
