"""Every setting there is, read once from the environment by `bootstrap`. docs/operator.md lists them."""

from datetime import datetime
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings, each from `LIFEEVENTS_<NAME>`. An unknown value is refused before anything starts."""

    model_config = SettingsConfigDict(env_prefix="LIFEEVENTS_", frozen=True, extra="ignore")

    var: Path = Field(default=Path("var"), description="Where lake, models and embedded servers keep their files.")
    pack: str = Field(default="vn", description="Country pack: a name, or a folder outside the project.")
    database_url: str | None = Field(default=None, description="PostgreSQL; empty: an embedded one under var/.")
    online_url: str | None = Field(default=None, description="Valkey or Redis; empty: an embedded one under var/.")
    agencies: Path | None = Field(default=None, description="File of the agencies that may submit; empty: none may.")
    host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the web server listens on.")
    now: datetime | None = Field(default=None, description="A fixed present (with zone), for demonstrations.")
