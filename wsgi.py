"""The WSGI application, for any server: ``granian --interface wsgi wsgi:app``."""

from directory.composition import create_app
from directory.settings import Settings

app = create_app(Settings.from_env())
