"""A client of language servers: what an editor asks of them."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from layerkit.values import is_list, is_table


class LanguageServer:
    """A running server that has one file open.

    Parameters
    ----------
    command
        That starts it, speaking over standard input and output.
    directory
        Of the file.
    """

    def __init__(self, command: list[str], directory: Path) -> None:
        self._directory = directory
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._number = 0
        root = directory.as_uri()
        formats: dict[str, object] = {"hover": {"contentFormat": ["markdown"]}}
        folders = [{"uri": root, "name": "specs"}]
        self._ask(
            "initialize",
            {
                "processId": None,
                "rootUri": root,
                "workspaceFolders": folders,
                "capabilities": {"textDocument": formats},
            },
        )
        self._send({"method": "initialized", "params": {}})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def completions(self, text: str) -> list[str]:
        """Return what may stand at ``|``."""
        answer = self._at("completion", text)
        items = answer.get("items") if is_table(answer) else answer
        return [str(each["label"]) for each in items if is_table(each)] if is_list(items) else []

    def hover(self, text: str) -> str:
        """Return what is said of the word at ``|``."""
        return json.dumps(self._at("hover", text))

    def _at(self, method: str, text: str) -> object:
        before, _, after = text.partition("|")
        place = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        uri = (self._directory / f"{method}_{self._number}.toml").as_uri()
        document = {"uri": uri, "languageId": "toml", "version": 1, "text": before + after}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        asked: dict[str, object] = {"textDocument": {"uri": uri}, "position": place}
        for _ in range(50):  # it may not have read the document or the schema yet
            answer = self._ask(f"textDocument/{method}", asked)
            if answer and (method != "hover" or "Schema:" in json.dumps(answer)):
                return answer
            time.sleep(0.1)
        return None

    def _ask(self, method: str, params: dict[str, object]) -> object:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._receive()
            if "method" in message and "id" in message:  # the server asks for settings: none
                self._send({"id": message["id"], "result": None})
            elif message.get("id") == self._number:
                assert "error" not in message, message
                return message.get("result")

    def _send(self, message: dict[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self._pipe(self._process.stdin)
        stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        stream.flush()

    def _receive(self) -> dict[str, object]:
        stream = self._pipe(self._process.stdout)
        length = 0
        while (line := stream.readline()) not in {b"\r\n", b""}:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the server has ended"
        message: object = json.loads(stream.read(length))
        assert is_table(message)
        return message

    @staticmethod
    def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
        assert stream is not None
        return stream
