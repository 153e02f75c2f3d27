"""Starts mockllm once for all tests; each test has a session of its own."""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
import uuid

import pytest

COMMAND = os.environ.get("MOCKLLM", "mockllm")
RESPONSES = os.path.join(os.path.dirname(__file__), "responses.yml")


class Session:
    """What a test sees of the mock: its own rules and requests."""

    def __init__(self, url):
        self.url = url
        self.name = uuid.uuid4().hex
        self.headers = {"X-Mock-Session": self.name}

    def use(self, *rules):
        """Adds rules, as they stand in a configuration file, before all others."""
        self.call("POST", "/_mock/rules", list(rules))

    def verify(self, **question):
        """Fails unless the requests were made; says what was made instead."""
        verdict = self.call("POST", "/_mock/verify", question)
        assert verdict["ok"], verdict["message"]

    def eventually(self, **question):
        """The same, of what a server learns a moment later: that a client has left."""
        for _ in range(100):
            if self.call("POST", "/_mock/verify", question)["ok"]:
                return
            time.sleep(0.02)
        self.verify(**question)

    def requests(self):
        """The requests so far, in short."""
        return self.call("GET", "/_mock/requests")["requests"]

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={**self.headers, "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response)
        except urllib.error.HTTPError as refused:  # says what is wrong, and the way out
            raise AssertionError(refused.read().decode()) from None


@pytest.fixture(scope="session")
def mockllm_url():
    server = subprocess.Popen(
        [COMMAND, "start", "--responses", RESPONSES, "--port", "0", "--quiet"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield server.stdout.readline().strip()  # its address is the first line it prints
    server.terminate()
    server.wait()


@pytest.fixture
def mock(mockllm_url):
    return Session(mockllm_url)
