"""Keeps a copy of the directory in a JSON file: python3 keep_copy.py https://host copy.json

The token (scopes changes:follow and entries:read) stands in DIRECTORY_TOKEN. Run it as often as
you like.
"""

import json
import os
import sys
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

base, path = sys.argv[1], Path(sys.argv[2])
headers = {"Authorization": f"Bearer {os.environ['DIRECTORY_TOKEN']}"}
begun = path.exists()
copy = json.loads(path.read_text("utf-8")) if begun else {"cursor": "", "entries": {}}

more = True
while more:
    query = urlencode({"cursor": copy["cursor"]} if copy["cursor"] else {})
    request = Request(f"{base}/api/v1/changes?{query}", headers=headers)
    with urlopen(request, timeout=60) as answer:
        page = json.load(answer)
    for one in page["items"]:
        copy["entries"].pop(one["id"], None)
        if one["entry"] is not None:
            copy["entries"][one["id"]] = one["entry"]
    copy["cursor"], more = page["next"], page["more"]
    new = path.with_suffix(".new")
    new.write_text(json.dumps(copy, ensure_ascii=False), "utf-8")
    new.replace(path)
