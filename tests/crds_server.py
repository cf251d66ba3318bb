"""A server on this machine that answers the `crds` package as those of telescopes do."""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


class CrdsServer:
    """Gives the files of a folder, and what is asked about them.

    Attributes
    ----------
    context : str
        The one of today; its first word is the telescope.
    asked : list of str
        Names of methods and files, in their order.
    damaged : set of str
        Names of files of which a byte changes on the way.
    pause : float
        Before a reference file is given [s].
    """

    def __init__(self, folder: Path, context: str) -> None:
        self.folder, self.context = folder, context
        self.asked: list[str] = []
        self.damaged: set[str] = set()
        self.pause = 0.0
        self.url = ""

    def answer(self, method: str) -> object:
        self.asked.append(method)
        if method == "get_server_info":
            return self._info()
        if method in ("get_default_context", "get_build_context"):
            return self.context
        if method == "get_file_info_map":
            return self._files()
        if method == "get_mapping_names":
            return [path.name for path in self._paths() if "map" in path.suffix]
        raise LookupError(f"no method {method}")

    def file(self, name: str) -> bytes | None:
        self.asked.append(name)
        path = self.folder / name
        if not path.is_file():
            return None
        if path.suffix in (".fits", ".asdf"):
            time.sleep(self.pause)
        content = path.read_bytes()
        return content[:-1] + b"?" if name in self.damaged else content

    def _paths(self) -> list[Path]:
        return [path for path in self.folder.iterdir() if path.suffix != ".cfg"]

    def _files(self) -> dict[str, dict[str, str]]:
        return {
            path.name: {
                "size": str(path.stat().st_size),
                "sha1sum": hashlib.sha1(path.read_bytes()).hexdigest(),
            }
            for path in self._paths()
        }

    def _info(self) -> dict[str, object]:
        observatory = self.context.split("_")[0]
        files = {observatory: f"{self.url}/files/"}
        return {
            "observatory": observatory,
            "latest_context": self.context,
            "operational_context": self.context,
            "edit_context": self.context,
            "crds_version": {"str": "14.0.3"},
            "bad_files": "",
            "bad_files_list": [],
            "force_remote_mode": False,
            "last_synced": "2026-01-01 00:00:00",
            "reference_url": files,
            "mapping_url": files,
        }


@contextmanager
def serving(server: CrdsServer) -> Iterator[CrdsServer]:
    """Let a server run on a free port of the loopback address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply: dict[str, object] = {"error": None, "result": None}
            try:
                reply["result"] = server.answer(sent["method"])
            except LookupError as error:
                reply["error"] = {"message": str(error)}
            self._send(json.dumps(reply).encode())

        def do_GET(self) -> None:
            content = server.file(self.path.rpartition("/")[2])
            if content is None:
                self.send_error(404)
            else:
                self._send(content)

        def _send(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
